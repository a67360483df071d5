"""A law firm's mail and its old SOAP services.

Exercises: rules that look at protocols and formats: SMTP, IMAP, SOAP, HTTP with
session tokens, XML over HTTP, JSON kept by processes, XML parsers.
"""

from pytm import TM, Actor, Data, Dataflow, Datastore, Process, Server

tm = TM("Law firm", description="Mail, cases and invoices")

lawyer = Actor("Lawyer")
smtp = Server("Mail relay", protocol="SMTP", port=25)
imap = Server("Mailboxes", protocol="IMAP", port=993)
imap.controls.sanitizesInput = True
cases = Server("Case service", protocol="SOAP", usesXMLParser=True, usesSessionTokens=True)
billing = Server("Billing service", protocol="SOAP", usesXMLParser=True)
billing.controls.validatesInput = True
billing.controls.sanitizesInput = True
billing.controls.disablesDTD = True
billing.controls.checksInputBounds = True
intranet = Server("Intranet", protocol="HTTP", usesSessionTokens=True, usesVPN=True)
intranet.controls.implementsNonce = True
files = Datastore("Files")

filing = Data("Filing", format="XML", isPII=True)
calendar = Data("Calendar", format="JSON")
mail = Data("Mail", format="MIME")

planner = Process("Planner", data=[calendar])
converter = Process("Converter", data={calendar, mail})
converter.controls.implementsNonce = True

Dataflow(lawyer, smtp, "Send", data=mail)
Dataflow(lawyer, imap, "Fetch", data=mail)
Dataflow(lawyer, cases, "File", data=filing, protocol="HTTP", usesSessionTokens=True)
invoice = Dataflow(cases, billing, "Invoice", data=filing, usesVPN=True)
invoice.controls.authorizesSource = True
invoice.controls.implementsAuthenticationScheme = True
portal = Dataflow(lawyer, intranet, "Read", usesSessionTokens=True, usesVPN=True)
portal.protocol = "HTTPS"
tokens = Dataflow(lawyer, intranet, "Log in", usesSessionTokens=True)
tokens.controls.sanitizesInput = True
tokens.controls.validatesInput = True
Dataflow(planner, intranet, "Publish")
Dataflow(converter, files, "Write")

tm.process()
