#!/usr/bin/env python3
"""Threat model of refunds: support staff give money back, a batch pays it out."""

from pytm import TM, Actor, Classification, Data, Dataflow, Finding, Process

from common import CARD_ZONE, OFFICE, boundaries, postgres, service, service_token


def build():
    """Make the model; it is processed below."""
    tm = TM("Refunds", description="Gives money back, within limits.")
    zones = boundaries()

    agent = Actor("Support agent", inBoundary=zones[OFFICE])
    desk = service("Refund desk", zones[OFFICE], usesSessionTokens=True)
    queue = postgres("Refund queue", zones[OFFICE], encrypted=False)
    payments = postgres("Payments", zones[CARD_ZONE])

    payout = Process("Payout batch", inBoundary=zones[CARD_ZONE], codeType="Managed")
    payout.environment = "Production"
    payout.controls.implementsPOLP = True
    payout.controls.validatesInput = True
    payout.controls.sanitizesInput = True
    payout.overrides = [
        Finding(threat_id="AC21", response="false positive: it has no browser"),
        Finding(threat_id="INP20", response="false positive: it has no pages"),
    ]

    reason = Data("Reason", description="What the customer wrote", isPII=True)
    reason.classification = Classification.RESTRICTED

    Dataflow(agent, desk, "Grant a refund", data=reason)
    Dataflow(desk, queue, "Queue", data=[reason, service_token()])
    Dataflow(payout, queue, "Take from the queue")
    Dataflow(payout, payments, "Book the refund")
    return tm


if __name__ == "__main__":
    build().process()
