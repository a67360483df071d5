"""A support chat bot: language models, agents with tools, a retrieval index.

Exercises: `from pytm import *`; LLM, Agent and Lambda with every attribute that
the LLM threats read, once with and once without the threat.
"""

from pytm import *

tm = TM("Support chat bot")
tm.description = "Answers customers, looks up orders, opens refunds."

cloud = Boundary("Cloud")
vendor = Boundary("Model vendor")

customer = Actor("Customer")
chat = Server("Chat front end", inBoundary=cloud, protocol="HTTPS", port=443)

hosted = LLM("Hosted model", inBoundary=vendor)
hosted.processesPersonalData = True
hosted.retainsUserData = True
hosted.hasRAG = True
hosted.hasAgentCapabilities = True
hosted.hasAccessToSensitiveSystems = True
hosted.executesCode = True
hosted.hasFineTuning = True

careful = LLM(
    "Own model",
    inBoundary=cloud,
    isThirdParty=False,
    isSelfHosted=True,
    processesPersonalData=True,
    hasContentFiltering=True,
    hasRAG=True,
    hasFineTuning=True,
    hasAgentCapabilities=True,
    hasAccessToSensitiveSystems=True,
    executesCode=True,
    controls=Controls(
        providesIntegrity=True, implementsPOLP=True, isHardened=True, encodesOutput=True
    ),
)

plain = LLM("Spelling model", hasSystemPrompt=False, processesUntrustedInput=False)
plain.isThirdParty = False

refunds = Agent("Refund agent", inBoundary=cloud, usesExternalTools=True)
orders = Agent("Order agent", inBoundary=cloud)
orders.usesExternalTools = True
orders.validatesToolLaunchConfig = True

lookup = Lambda("Order lookup", implementsAPI=True, environment="Production")
lookup.usesEnvironmentVariables = True
lookup.controls.validatesInput = True

index = Datastore("Knowledge index", type=DatastoreType.AWS_S3, isSQL=False, onAWS=True)

question = Data("Question", isPII=True, classification=Classification.RESTRICTED)
key = Data("Vendor key", isCredentials=True, credentialsLife=Lifetime.HARDCODED)

Dataflow(customer, chat, "Ask", data=question)
prompt = Dataflow(chat, hosted, "Prompt", data=[question, key])
answer = Dataflow(hosted, chat, "Answer", responseTo=prompt)
Dataflow(chat, careful, "Prompt with personal data", data=question)
Dataflow(chat, plain, "Correct spelling")
Dataflow(hosted, refunds, "Call the refund tool")
Dataflow(careful, orders, "Call the order tool")
Dataflow(orders, lookup, "Look up")
Dataflow(careful, index, "Retrieve")

if __name__ == "__main__":
    tm.process()
