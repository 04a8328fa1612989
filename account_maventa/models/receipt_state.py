"""The states of a received document; the diagram is in ``maventa_receipt.py``."""

from enum import StrEnum


class ReceiptState(StrEnum):
    LISTED = "listed"
    STORED = "stored"
    BILLED = "billed"
    REVIEW = "review"
    DUPLICATE = "duplicate"
    UNREADABLE = "unreadable"
    NOT_A_BILL = "not_a_bill"
    SAME = "same"
    IGNORED = "ignored"
    LOST = "lost"


RECEIPT_STATES = [
    ("listed", "Listed"),
    ("stored", "Fetched"),
    ("billed", "Bill"),
    ("review", "To review"),
    ("duplicate", "Possible duplicate"),
    ("unreadable", "Unreadable"),
    ("not_a_bill", "Not a bill"),
    ("same", "The same invoice"),
    ("ignored", "Ignored"),
    ("lost", "No longer at Maventa"),
]
# What the job still has to do something with
UNFINISHED = (ReceiptState.LISTED, ReceiptState.STORED)
# What waits for a person
WAITING = (ReceiptState.REVIEW, ReceiptState.DUPLICATE, ReceiptState.UNREADABLE)
# Those with a draft whose document is compared again after every change
CHECKED = (ReceiptState.BILLED, ReceiptState.REVIEW, ReceiptState.DUPLICATE)
