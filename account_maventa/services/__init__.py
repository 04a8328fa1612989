from . import (
    authentication,
    delivery,
    directory,
    document,
    failure_digest,
    go_live_checklist,
    invoice_alerts,
    messages,
    print_service,
    registration,
    uploader,
    validation,
)
