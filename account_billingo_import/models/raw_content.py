"""What Billingo sent, as a file and as a fingerprint."""

import hashlib
import json

# What Billingo changes on documents that are issued and booked (sheet 2.1): it says
# nothing about their content.
VOLATILE = frozenset(
    {
        "cancelled",
        "correction_type",
        "notification_status",
        "online_szamla_status",
        "paid_date",
        "partner",
        "payment_status",
        "related_documents",
        "tags",
        # of spendings
        "category",
        "is_created_by_nav",
        "paid_at",
    }
)


def as_json(document):
    """Return what Billingo sent as a file; half characters stay as escapes."""
    text = json.dumps(document.raw, ensure_ascii=False, indent=1)
    return text.encode("utf-8", "backslashreplace")


def digest(raw):
    """Return a fingerprint of a document's accounting content.

    The list of spendings comes without their lines.
    """
    passed_over = VOLATILE | ({"items"} if "total_gross" in raw else set())
    content = {key: value for key, value in raw.items() if key not in passed_over}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()
