from . import (
    authentication,
    delivery,
    directory,
    document,
    failure_digest,
    invoice_alerts,
    messages,
    print_service,
    registration,
    uploader,
    validation,
)
