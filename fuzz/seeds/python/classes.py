import pytm as p
from dataclasses import dataclass, field
from enum import Enum, auto


class Kind(Enum):
    WEB = auto()
    STORE = 2


class Web(p.Server):
    def __init__(self, name, **kwargs):
        super().__init__(name, **kwargs)
        self.usesCache = kwargs.get("cache", True)

    @property
    def shout(self):
        return self.name.upper() + "!"


@dataclass
class Link:
    a: str
    b: str = "store"
    tags: list = field(default_factory=list)


tm = p.TM("Classes")
made = {"web": Web("Web", port=80), "store": p.Datastore("Store")}
try:
    made["none"].port = 1
except KeyError as error:
    print(error)
finally:
    made["web"].notes = made["web"].shout
n = 0
while True:
    n += 1
    if n > 3:
        break
match Kind.STORE.value:
    case 1 | 3:
        pass
    case 2 if n:
        for link in [Link("web"), Link(b="web", a="store")]:
            p.Dataflow(made[link.a], made[link.b], "%(a)s-%(b)s" % vars(link))  # tmrs: exclude[AA01] reason
a, *rest = (x ** 2 for x in range(5))
tm.description = "".join(map(str, rest))[::-1]
tm.process()
