# Threat model of a podcast host (two developers)
from pytm import *

tm = TM("Podcast hosting")
tm.description = "Podcasters upload episodes, listeners download them, subscribers pay for extra episodes"

web = Boundary("Internet")
hetzner = Boundary("Hetzner servers")

podcaster = Actor("Podcaster")
podcaster.inBoundary = web
listener = Actor("Listener")
listener.inBoundary = web
dev = Actor("Developer")
dev.inBoundary = web
dev.isAdmin = True

stripe = ExternalEntity("Stripe")
stripe.inBoundary = web
players = ExternalEntity("Podcast apps")
players.inBoundary = web

nginx = Server("nginx")
nginx.inBoundary = hetzner
nginx.isProxy = True

app = Server("Django app")
app.inBoundary = hetzner
app.OS = "Debian"
app.usesPasswords = True
app.usesSessionTokens = True
app.controls.authenticatesSource = True
app.controls.hashesPasswords = True
app.controls.usesParameterizedInput = True
app.controls.encodesOutput = True
app.controls.implementsCSRFToken = True

feeds = Server("Feed generator")
feeds.inBoundary = hetzner
feeds.description = "RSS feeds; private feeds have a secret in the address"

transcoder = Process("Transcoder")
transcoder.inBoundary = hetzner
transcoder.description = "ffmpeg, started by Celery"

pg = Datastore("PostgreSQL")
pg.inBoundary = hetzner
pg.storesPII = True
pg.controls.authenticatesSource = True

celery = Datastore("Celery queue (Redis)")
celery.inBoundary = hetzner
celery.isSQL = False

media = Datastore("Media disk")
media.inBoundary = hetzner
media.isSQL = False

github = ExternalEntity("GitHub Actions")
github.inBoundary = web

account = Data("Account", classification=Classification.SENSITIVE, isPII=True, isStored=True)
password = Data("Password", classification=Classification.SECRET, isCredentials=True, isPassword=True)
episode = Data("Episode", classification=Classification.PUBLIC, isStored=True)
extra = Data("Extra episode", classification=Classification.RESTRICTED, isStored=True)
feed_secret = Data("Feed address", classification=Classification.SENSITIVE, isCredentials=True)
payment = Data("Subscription event", classification=Classification.RESTRICTED)
job = Data("Transcoding job", classification=Classification.RESTRICTED)
key = Data("Deploy key", classification=Classification.SECRET, isCredentials=True)


def https(source, sink, name, *data):
    f = Dataflow(source, sink, name)
    f.protocol = "HTTPS"
    f.tlsVersion = TLSVersion.TLSv13
    f.data = list(data)
    return f


https(podcaster, nginx, "Manage podcasts", account, password)
https(podcaster, nginx, "Upload episode", episode, extra)
https(listener, nginx, "Subscribe", account, password)
https(players, nginx, "Fetch feed", feed_secret)
https(stripe, nginx, "Stripe webhook", payment)

f = Dataflow(nginx, app, "Proxy to app")
f.protocol = "HTTP"
f.data = [account, password, episode, extra, payment]
f = Dataflow(nginx, feeds, "Proxy to feeds")
f.protocol = "HTTP"
f.data = [feed_secret]
f = Dataflow(app, pg, "ORM")
f.protocol = "PostgreSQL"
f.data = [account]
f = Dataflow(feeds, pg, "Look up feed")
f.protocol = "PostgreSQL"
f.data = [feed_secret]
f = Dataflow(app, media, "Save upload")
f.data = [episode, extra]
f = Dataflow(app, celery, "Queue job")
f.protocol = "Redis"
f.data = [job]
f = Dataflow(celery, transcoder, "Take job")
f.protocol = "Redis"
f.data = [job]
f = Dataflow(transcoder, media, "Write MP3")
f.data = [episode, extra]
https(app, stripe, "Charge", account)
f = Dataflow(github, app, "Deploy")
f.protocol = "SSH"
f.data = [key]
f = Dataflow(dev, app, "Log in to server")
f.protocol = "SSH"
f.data = [key]

if __name__ == "__main__":
    tm.process()
