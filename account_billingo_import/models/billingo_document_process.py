import logging
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..billingo_api import errors
from .billingo_document import document_order
from .problem import DocumentProblem

_logger = logging.getLogger(__name__)

BATCH = 50
WARNING = "mail.mail_activity_data_warning"


class BillingoDocument(models.Model):
    _inherit = "billingo.document"

    @api.model
    def _cron_billingo_process(self, batch_size=BATCH):
        """Book what was fetched: together what goes together, else one by one."""
        domain = [("state", "=", "fetched"), ("connection_id.state", "=", "active")]
        order = "invoice_date, is_follower, billingo_id"
        documents = self.search(domain, limit=batch_size, order=order)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for part in documents.sorted(document_order)._parts():
            part = part.try_lock_for_update().filtered_domain(domain)
            part._process_together()
            if not cron._commit_progress(len(part)):
                break

    def _parts(self):
        """Yield what can be booked at once: what refers to others comes after all."""
        for documents in self.grouped("connection_id").values():
            followers = documents.filtered("is_follower")
            if documents - followers:
                yield documents - followers
            yield from followers  # one may refer to the other

    def _process_together(self):
        """Book documents of one connection in one go, or each on its own."""
        if len(self) > 1:
            documents = self.with_company(self.company_id)
            planned = documents._plan_all()
            try:
                with self.env.cr.savepoint():
                    documents._book_plans(planned)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception as error:
                # Which of them it is shows when each is on its own.
                _logger.info("Billingo documents go one by one: %s", error)
        for document in self.filtered(lambda x: x.state == "fetched"):
            document._process()

    def _plan_all(self):
        """Return plans of what can be booked; settle what needs no entry.

        Of several with one number, only the first: the others are tried afterwards.
        """
        planned = {}
        suspects = self._perhaps_recorded()
        for document in self:
            if document.name in planned:
                continue
            if document in suspects and document._passed_over():
                continue
            with document._or_error():
                planned[document.name] = document._plan()
        return [*planned.values()]

    def _process(self):
        """Book one document, or write down why not; never half of it."""
        self.ensure_one()
        document = self.with_company(self.company_id)
        if document._passed_over():
            return
        with document._or_error():
            document._book_plans([document._plan()])

    def _passed_over(self):
        """Settle what needs no entry; tell whether it was so."""
        known = self._recorded_already()
        if known:
            self._settle_as("skipped", skip_reason="recorded", move_id=known.id)
            return True
        if self.kind == "proforma":
            self._settle_as("skipped", skip_reason="proforma")
            return True
        return False

    @contextmanager
    def _or_error(self):
        """Keep all or nothing of what is done within, and say why nothing."""
        try:
            with self.env.cr.savepoint():
                yield
        except DocumentProblem as problem:
            self._fail(problem)
        except errors.MismatchError as error:
            self._fail(DocumentProblem("amounts", self._explain_amounts(error)))
        except (UserError, ValidationError) as error:
            # Odoo's own refusal, already in the user's language.
            self._fail(DocumentProblem("other", str(error.args[0])))
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # the database wants the whole transaction again
        except Exception as error:
            # One document must not keep all others out of the books.
            _logger.exception("Billingo document %s", self.billingo_id)
            self._fail(self._unforeseen(error))

    def _unforeseen(self, error):
        return DocumentProblem(
            "other",
            self.env._(
                "The entry could not be made (%s). The server's log has the details.",
                type(error).__name__,
            ),
        )

    def _settle_as(self, state, **values):
        self.write(
            {
                "state": state,
                "error": False,
                "error_kind": False,
                "error_data": False,
                "skip_reason": False,
                **values,
            }
        )
        if self.activity_ids:
            self.activity_unlink([WARNING])

    def _fail(self, problem):
        """Show the problem, and tell the responsible user when it is a new one."""
        is_news = self.state != "error" or self.error != problem.text
        self.write(
            {
                "state": "error",
                "error": problem.text,
                "error_kind": problem.kind,
                "error_data": problem.data,
            }
        )
        if not is_news:
            return
        self.connection_id._notify(
            "mt_document_error",
            self.env._("Billingo: validation error in %s", self.display_name),
            problem.text,
            document=self,
        )

    def _is_told_already(self):
        """Tell whether another document waits for the same: one message will do."""
        same = [
            ("connection_id", "=", self.connection_id.id),
            ("state", "=", "error"),
            ("error", "=", self.error),
            ("id", "!=", self.id),
        ]
        return bool(self.search_count(same, limit=1))
