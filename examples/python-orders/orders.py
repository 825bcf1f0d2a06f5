"""Handles the events that a shop publishes to events.orders.created."""

import logging

logger = logging.getLogger()
logger.setLevel(logging.INFO)


def handler(event, context):
    """An EventBridge document: what the shop published is its `detail`."""
    order = event["detail"]
    if "id" not in order:
        # The event is tried again, and is on record as failed when that does not help.
        raise ValueError("an order without an id")
    total = sum(line["price"] * line["quantity"] for line in order.get("lines", []))
    logger.info("%s %s: %s, total %s", event["source"], event["detail-type"], order["id"], total)
    return {"order": order["id"], "total": total}
