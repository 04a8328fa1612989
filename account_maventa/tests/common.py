import io
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import new_test_user

from ..maventa_api.simulator import Simulator

JOB_TIME = "odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB"  # seconds
PDF = b"%PDF-1.4\n%not much of a page\n%%EOF\n"
ACCOUNTANT = "account.group_account_invoice,account.group_account_user"


class MaventaCommon(AccountTestInvoicingCommon):
    """A Finnish company with a verified account, switched on, and customers.

    The client runs in full; only the simulator's store is in memory, and the PDF
    is not rendered.
    """

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fi")
    def setUpClass(cls):
        super().setUpClass()
        cls.simulator = Simulator()
        cls._patch_client()
        cls._patch_report()
        cls.company = cls.company_data["company"]
        cls._make_finnish(cls.company, "FI23456780")
        cls.account = cls._connect(cls.company)
        cls.partner_a.write(cls._customer("Jää Oy", "FI12345671", "jaa@example.com"))
        cls.partner_b.write(cls._customer("Kivi Oy", "FI98765430", False))
        cls.accountant = new_test_user(
            cls.env,
            "accountant",
            groups=ACCOUNTANT,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def setup_independent_company(cls, **kwargs):
        # EXTENDS 'account': where one with its chart is ready, it is taken
        companies = cls.env["res.company"].with_context(active_test=False)
        ready = companies.search([("name", "=", f"Ready {cls.country_code}")])
        if not ready or kwargs:
            return super().setup_independent_company(**kwargs)
        ready.write({"name": "company_1_data", "active": True})
        cls.env.user.company_ids = [Command.link(ready.id)]
        return ready.with_context(active_test=True)

    def setUp(self):
        super().setUp()
        with self.simulator.store as state:
            for key in [key for key in state if key.startswith("invoice/")]:
                del state[key]
        self.simulator.faults.clear()
        self.simulator.requests.clear()
        self.simulator.polls_until_routed = 1
        self.simulator.looks_until_signed = 1
        self.simulator.change_company(
            self.account.company_uuid,
            state="VERIFIED",
            disabled=False,
            authentication=None,
        )

    @classmethod
    def _patch_client(cls):
        for name in ("_maventa_client", "_maventa_registrar"):
            original = getattr(cls.registry["res.company"], name)

            def client(company, simulator=None, original=original):
                return original(company, simulator or cls.simulator)

            cls.startClassPatcher(
                patch.object(cls.registry["res.company"], name, client)
            )

    @classmethod
    def _patch_report(cls):
        def render(_self, _report, res_ids=None, data=None):
            streams = {
                res_id: {"stream": io.BytesIO(PDF), "attachment": None}
                for res_id in res_ids
            }
            return streams, "pdf"

        cls.report_patch = patch.object(
            cls.registry["ir.actions.report"], "_pre_render_qweb_pdf", render
        )
        cls.startClassPatcher(cls.report_patch)

    @classmethod
    def _make_finnish(cls, company, vat):
        company.partner_id.write(
            {
                "street": "Lumikuja 1",
                "zip": "00100",
                "city": "Helsinki",
                "country_id": cls.env.ref("base.fi").id,
            }
        )
        company.vat = vat
        cls.env["res.partner.bank"].create(
            {
                "acc_number": "FI2112345600000785",
                "partner_id": company.partner_id.id,
                "company_id": company.id,
                "allow_out_payment": True,
            }
        )

    @classmethod
    def _connect(cls, company, **values):
        """Open an account for the company, check it, and switch the transfer on."""
        account = cls.simulator.add_account(
            name=company.name, bid=company.vat, vat=company.vat, **values
        )
        company.write(
            {
                "maventa_company_uuid": account.company_uuid,
                "maventa_user_api_key": account.user_api_key,
            }
        )
        company.action_maventa_check()
        company.maventa_enabled = company.maventa_account_state == "verified"
        return account

    @classmethod
    def _customer(cls, name, vat, email):
        return {
            "name": name,
            "is_company": True,
            "street": "Jääkatu 2",
            "zip": "33100",
            "city": "Tampere",
            "country_id": cls.env.ref("base.fi").id,
            "vat": vat,
            "email": email,
            "invoice_edi_format": False,
        }

    def _invoice(self, partner=None, move_type="out_invoice", price=100.0, **values):
        """Post a customer invoice of one line, with the company's sales tax."""
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": (partner or self.partner_a).id,
                "invoice_date": "2026-03-02",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Snow",
                            "quantity": 1,
                            "price_unit": price,
                            "tax_ids": [
                                Command.set(self.company_data["default_tax_sale"].ids)
                            ],
                        }
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def _to_transfer(self, *moves):
        """Set the status as an accountant does."""
        moves = self.env["account.move"].union(*moves)
        moves.with_user(self.accountant).action_maventa_to_transfer()
        return moves

    def _run_cron(self, name="transfer"):
        """Run a scheduled job, with time enough for all of it."""
        cron = self.env.ref(f"account_maventa.ir_cron_maventa_{name}")
        with self.enter_registry_test_mode(), patch(JOB_TIME, 600):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _held(self):
        """Return what the service holds, by invoice number."""
        held = self.simulator.held_invoices()
        by_number = {invoice.number: invoice for invoice in held}
        self.assertEqual(len(by_number), len(held), "held twice")
        return by_number

    def _status(self, role):
        return self.company[f"maventa_status_{role}_id"]

    @contextmanager
    def _fault(self, *names):
        for name in names:
            self.simulator.faults.add(name)
        yield
        for name in names:
            self.assertFalse(self.simulator.faults.take(name), f"{name} not met")
