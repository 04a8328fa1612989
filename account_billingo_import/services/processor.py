"""Processing: which documents are booked when, and what comes of each."""

import logging
from contextlib import contextmanager

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from psycopg2 import OperationalError

from ..billingo_api import errors
from ..billingo_api.duplicate_rules import Verdict
from ..exceptions import DocumentProblem
from ..guards import as_service, internal
from ..remote_text import as_html
from .connection_domains import working
from .remote_call import commit

_logger = logging.getLogger(__name__)

BATCH = 50
PDF_JOB = "account_billingo_import.ir_cron_billingo_pdf"


@internal
class BillingoProcessor(models.AbstractModel):
    _name = "billingo.processor"
    _description = "Processing of Billingo documents"

    # === PUBLIC === #

    def _cron_billingo_process(self, batch_size=BATCH):
        """Book what was fetched, in batches where possible; commits each batch."""
        documents = self.env["billingo.document"]
        domain = Domain("state", "=", "fetched") & working("connection_id.")
        order = "tried_at NULLS FIRST, invoice_date, is_amendment, billingo_id"
        found = documents.search(domain, limit=batch_size, order=order)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=documents.search_count(domain))
        for batch in self._batches(found.sorted(lambda x: x._processing_order())):
            is_first_try = not batch.filtered("tried_at")
            calls = self.env["billingo.remote.call"]
            calls._note_try(batch)
            batch = batch.try_lock_for_update().filtered_domain(domain)
            self._process_batch(batch)
            if is_first_try:
                batch.tried_at = False  # what is committed is known to be harmless
            if not cron._commit_progress(len(batch)):
                return
        self.env["billingo.document.links"]._link_due()

    def _process_by_hand(self, documents):
        """Process documents in any state but processed; commits each of them.

        Also downloads the PDFs that are missing.

        :return: the documents that were to be processed
        :raise UserError: there are none
        """
        waiting = documents.filtered(lambda document: document.state != "processed")
        if not waiting:
            raise UserError(self.env._("None of these documents is to be processed."))
        for document in waiting.sorted(lambda x: x._processing_order()):
            # Another user may be processing it: the lock also shows the outcome.
            document = document.try_lock_for_update()
            if document and document.state != "processed":
                self._process(document)
            commit(self.env)
        self.env["billingo.pdf"]._download(documents.filtered("move_id"))
        return waiting

    def _process(self, document):
        """Book one document completely, or write down why not. Does not commit."""
        document.ensure_one()
        processor, document = self._in_company(document)
        duplicates = processor.env["billingo.duplicate.search"]
        with processor._errors_noted(document):
            finding = duplicates._find(document)
            if processor._skip(document, finding):
                return
            duplicates._check_answer(document, finding)
            plan = processor.env["billingo.move.builder"]._plan(document)
            processor._book([plan])

    # === STEPS === #

    def _batches(self, documents):
        """Yield what can be booked at once; amendments come after all, one by one.

        So does what was tried before without an outcome: it may have broken the job.
        """
        for found in documents.grouped("connection_id").values():
            amendments = found.filtered(lambda x: x.is_amendment or x.tried_at)
            if found - amendments:
                yield found - amendments
            yield from amendments  # one may refer to the other

    def _process_batch(self, documents):
        """Book documents of one connection together, or each on its own."""
        if len(documents) > 1:
            processor, found = self._in_company(documents)
            try:
                with self.env.cr.savepoint():
                    processor._book(processor._plan_all(found), is_batch=True)
            except OperationalError:
                raise
            except Exception as error:
                # Processing one by one shows which document causes it.
                _logger.info("Billingo documents are booked one by one: %s", error)
        for document in documents.filtered(lambda x: x.state == "fetched"):
            self._process(document)

    def _plan_all(self, documents):
        """Return plans of what can be booked together; skip what needs no entry.

        What may be a duplicate, of an entry or of another of these, is left for the
        round of one by one.
        """
        plans, planned, usual = [], set(), {}
        duplicates = self.env["billingo.duplicate.search"]
        for document in documents - duplicates._suspects(documents):
            if duplicates._meets(document, planned) or self._skip(document):
                continue
            with self._errors_noted(document):
                plans.append(self.env["billingo.move.builder"]._plan(document, usual))
        return plans

    def _book(self, plans, *, is_batch=False):
        """Create the entries, post them where wanted, link them with relatives.

        :param is_batch: of documents that are like no other entry, see ``_plan_all``;
            Odoo's query for duplicates compares each entry with all others
        """
        if not plans:
            return
        builder = self.env["billingo.move.builder"]
        moves = as_service(self.env["account.move"]).create(
            [plan.values for plan in plans]
        )
        moves = moves.with_env(self.env)
        to_post = moves.browse()
        for plan, move in zip(plans, moves, strict=True):
            builder._check_move(plan, move)
            if not is_batch:
                self.env["billingo.duplicate.search"]._hear_odoo(plan.document, move)
            if plan.document.connection_id.is_auto_post and plan.is_certain:
                to_post |= move
        to_post -= to_post.filtered("billingo_document_id.duplicate_verdict")
        if to_post:
            to_post._post(soft=False)
        for plan, move in zip(plans, moves, strict=True):
            if move in to_post:
                builder._check_move(plan, move)
            self._settle(plan, move)
        self.env.ref(PDF_JOB)._trigger()

    def _settle(self, plan, move):
        """Write the entry on its document, and what a user should know on both."""
        document = plan.document
        builder = self.env["billingo.move.builder"]
        document._set_outcome(
            "processed",
            move_id=move.id,
            remark_source=builder._remark_source(plan, move),
            has_question=move.state == "draft" and not plan.is_certain,
            regime_codes=self.env["billingo.vat.regime"]._codes(plan.decision.regime),
            is_changed=False,
            # Billingo has no PDFs of spendings.
            pdf_state=document.mode != "spending" and "waiting",
            pdf_tries=0,
            pdf_next_try=fields.Datetime.now(),
        )
        messages = self.env["billingo.messages"]
        texts = (messages._suspicion_text(document), messages._remark_text(document))
        if any(texts):
            move.message_post(body=as_html("\n".join(filter(None, texts))))
        if document.corrections:
            text = builder._corrections_text(document)
            move.message_post(body=as_html(text))
            self._remember_accounts(document, move)
        self.env["billingo.pdf"]._attach(document)
        self.env["billingo.document.links"]._link_amendments(document, plan.relatives)
        if move.state == "posted":
            self.env["billingo.advances"]._settle(document)
            self.env["billingo.late.costs"]._keep(document)

    def _remember_accounts(self, document, move):
        """Remember the accounts that a user chose for lines of the document."""
        lines = move.invoice_line_ids.sorted("id")
        chosen = lines.browse()
        for position, line in enumerate(lines):
            if document._corrected_line(position).get("account"):
                chosen |= line
        self.env["billingo.account.rules"]._learn(chosen)

    def _skip(self, document, finding=None):
        """Skip what needs no entry; tell whether it was skipped."""
        if not document._kind().is_booked:
            document._set_outcome("skipped", skip_reason="not_booked")
            return True
        if finding and finding.verdict is Verdict.SAME:
            document._set_outcome(
                "skipped", skip_reason="recorded", move_id=finding.move.id
            )
            links = self.env["billingo.document.links"]
            links._link_amendments(document, document._relatives())
            return True
        return False

    # === ERRORS === #

    @contextmanager
    def _errors_noted(self, document):
        """Keep all or nothing of what is done within, and note why nothing."""
        try:
            with self.env.cr.savepoint():
                yield
        except (DocumentProblem, errors.MismatchError) as problem:
            self._fail(document, problem)
        except (UserError, ValidationError) as error:
            # Odoo's own refusal, already in the user's language.
            text = str(error.args[0])
            self._fail(document, DocumentProblem("refused_by_odoo", text=text))
        except OperationalError:
            # Of the database, not of the document: another transaction was faster, its
            # disk is full, it is about to end. The next run begins again.
            raise
        except Exception as error:
            # One document must not keep all others out of the books.
            _logger.exception("Billingo document %s", document.billingo_id)
            name = type(error).__name__
            self._fail(document, DocumentProblem("unforeseen", error=name))

    def _fail(self, document, problem):
        """Show an error, and notify the people that it concerns when it is new.

        :param problem: a ``DocumentProblem`` or a ``MismatchError``
        """
        messages = self.env["billingo.messages"]
        source = messages._source(problem)
        is_new = document.state != "error" or document.error_source != source
        document.write(
            {
                "state": "error",
                "error_source": source,
                "error_kind": messages._kind(problem),
                "error_code": problem.code,
                "error_data": getattr(problem, "remedy", None) or False,
            }
        )
        if is_new:
            number = document.display_name
            self.env["billingo.notifications"]._send(
                document.connection_id,
                "mt_document_error",
                lambda env: (
                    env._("Billingo: error in %s", number),
                    env["billingo.messages"]._text(source),
                ),
                document=document,
                is_repeated=document._has_same_error_elsewhere(),
            )

    # === HELPERS === #

    def _in_company(self, documents):
        """Return this service and the documents in the documents' company."""
        documents = documents.with_company(documents.company_id)
        if self.env.uid == SUPERUSER_ID:
            # A scheduled job writes its remarks in the language of the responsible.
            user = documents.connection_id.user_id[:1]
            documents = documents.with_context(lang=user.lang or self.env.lang)
        return self.with_env(documents.env), documents
