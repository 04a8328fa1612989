"""The states of a transfer and the named sets of them that the code decides by."""


class TransferState:
    """The state diagram is at ``maventa.transfer.state``."""

    QUEUED = "queued"
    UPLOADING = "uploading"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    DELIVERED = "delivered"
    INVALID = "invalid"
    REJECTED = "rejected"
    FAILED = "failed"


# Keys and labels for selection fields
STATES = [
    (TransferState.QUEUED, "Queued"),
    (TransferState.UPLOADING, "Uploading"),
    (TransferState.UNKNOWN, "Unknown"),
    (TransferState.ACCEPTED, "Received by Maventa"),
    (TransferState.DELIVERED, "Delivered"),
    (TransferState.INVALID, "Invalid"),
    (TransferState.REJECTED, "Rejected"),
    (TransferState.FAILED, "Failed"),
]
# The upload has begun and its outcome is not recorded.
IN_FLIGHT = (TransferState.UPLOADING, TransferState.UNKNOWN)
# The uploader has something to do.
LIVE = (TransferState.QUEUED, *IN_FLIGHT)
# Maventa has the invoice.
HELD = (TransferState.ACCEPTED, TransferState.DELIVERED)
# Maventa has the invoice, or may have it.
CARRIED = (*IN_FLIGHT, *HELD)
# Begun, without a final outcome.
FOLLOWED = (*IN_FLIGHT, TransferState.ACCEPTED)
# Not finished.
OPEN = (*LIVE, TransferState.ACCEPTED)
# A person has to correct something.
TO_CORRECT = (TransferState.INVALID, TransferState.REJECTED, TransferState.FAILED)
