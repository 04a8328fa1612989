"""The test kit: a company with a verified account, a simulator, and shortcuts.

Tests of other addons can inherit from :class:`MaventaCommon`. The client runs in full;
``maventa.account._simulator`` is the one seam, where the simulator in the database is
replaced by one in memory. The PDF is not rendered.
"""

import io
from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command, fields
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.tests import new_test_user

from ..guards import as_service
from ..maventa_api.simulator import Simulator

JOB_TIME = "odoo.addons.base.models.ir_cron.MIN_TIME_PER_JOB"  # seconds
PDF = b"%PDF-1.4\n%not much of a page\n%%EOF\n"
ACCOUNTANT = "account.group_account_invoice,account.group_account_user"


class MaventaCommon(AccountTestInvoicingCommon):
    """A Finnish company, its account switched on, and two customers.

    ``simulator``: Maventa, as it is for this test. ``remote``: the company's account
    there. ``account``: the account in use in Odoo. ``accountant``: a user who makes
    invoices. ``partner_a`` and ``partner_b``: customers, the first with e-mail.
    """

    @classmethod
    @AccountTestInvoicingCommon.setup_country("fi")
    def setUpClass(cls):
        super().setUpClass()
        cls.simulator = Simulator()
        cls.startClassPatcher(
            patch.object(
                cls.registry["maventa.account"],
                "_simulator",
                lambda _account: cls.simulator,
            )
        )
        cls._patch_report()
        cls.company = cls.company_data["company"]
        cls._make_finnish(cls.company, "FI23456780")
        cls._name_no_rate(cls.company)
        cls.remote = cls._connect(cls.company)
        cls.partner_a.write(cls._customer("Jää Oy", "FI12345671", "jaa@example.com"))
        cls.partner_b.write(cls._customer("Kivi Oy", "FI98765430", False))
        cls._leave_peppol_alone()
        cls.accountant = new_test_user(
            cls.env,
            "accountant",
            groups=ACCOUNTANT,
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _create_company(cls, **values):
        # EXTENDS 'account': use a prepared company with its chart, if there is one
        ready = cls._ready_company(cls.country_code)
        if not ready or values.keys() - {"name"}:
            return super()._create_company(**values)
        ready.write({**values, "active": True})
        cls.env.user.company_ids = [Command.link(ready.id)]
        return ready.with_context(active_test=True)

    @classmethod
    def _ready_company(cls, code):
        """Return a company of a country that was prepared with its chart, or none."""
        companies = cls.env["res.company"].with_context(active_test=False)
        named = [("name", "=like", f"Ready {code}%")]
        return companies.search(named, order="id", limit=1)

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
            self.remote.company_uuid,
            state="VERIFIED",
            disabled=False,
            authentication=None,
        )

    # === PREPARATION === #

    @classmethod
    def _name_no_rate(cls, company):
        """Let the group that new taxes get be printed without a rate."""
        groups = cls.env["account.tax.group"].search([("company_id", "=", company.id)])
        groups.name = "VAT"

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
    def _leave_peppol_alone(cls):
        """Let account_peppol, where it is installed, look nobody up."""
        name = "peppol_verification_state"
        if name in cls.env["res.partner"]._fields:
            defaults = cls.env["ir.default"]
            defaults.set("res.partner", name, "not_valid", company_id=cls.company.id)
            partners = (cls.partner_a | cls.partner_b).with_company(cls.company)
            partners.write({name: "not_valid"})

    @classmethod
    def _make_finnish(cls, company, vat):
        """Give the company an address in Finland, a tax number and a bank account."""
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
        """Open an account at the simulator, check it, and switch the transfer on.

        :param values: of the simulator's account
        :return: the simulator's account
        """
        remote = cls.simulator.add_account(
            name=company.name, bid=company.vat, vat=company.vat, **values
        )
        account = cls._use(company, remote)
        account.action_check()
        company.maventa_enabled = account.state == "verified"
        return remote

    @classmethod
    def _use(cls, company, remote):
        """Enter the keys of an account at the simulator; return the account in use."""
        company._maventa_configure("demo", remote.company_uuid, remote.user_api_key)
        return company.maventa_account_id

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

    @classmethod
    def _ensure_rates(cls):
        """Let every currency have a rate; the tests have no use for real ones."""
        rates = cls.env["res.currency.rate"].with_context(active_test=False)
        every = cls.env["res.currency"].with_context(active_test=False).search([])
        today = fields.Date.to_string(fields.Date.today())
        for day in ("2020-01-01", "2026-03-01", today):
            known = rates.search([("name", "=", day), ("company_id", "=", False)])
            last = rates.search([("name", "<", day)], order="name desc")
            values = {rate.currency_id.id: rate.rate for rate in reversed(last)}
            rates.create(
                [
                    {
                        "currency_id": one.id,
                        "name": day,
                        "rate": values.get(one.id, 1),
                        "company_id": False,
                    }
                    for one in every - known.currency_id
                ]
            )

    # === SHORTCUTS === #

    @property
    def account(self):
        """The account in use, whose state a test may set."""
        return as_service(self.company.maventa_account_id)

    def _invoice(self, partner=None, move_type="out_invoice", price=100.0, **values):
        """Post a customer invoice of one line, with the company's sales tax."""
        return self._invoices([price], partner, move_type, **values)

    def _invoices(self, prices, partner=None, move_type="out_invoice", **values):
        """Post such invoices together, one for each price."""
        tax = Command.set(self.company_data["default_tax_sale"].ids)
        line = {"name": "Snow", "quantity": 1, "tax_ids": [tax]}
        common = {
            "move_type": move_type,
            "partner_id": (partner or self.partner_a).id,
            "invoice_date": "2026-03-02",
        }
        if move_type == "out_refund" and "reversed_entry_id" not in values:
            values = {**values, "reversed_entry_id": self._original(common).id}
        moves = self.env["account.move"].create(
            [
                {
                    **common,
                    "invoice_line_ids": [Command.create({**line, "price_unit": price})],
                    **values,
                }
                for price in prices
            ]
        )
        moves.action_post()
        return moves

    def _original(self, values):
        """Return the posted invoice that a credit note is about, one per customer."""
        moves = self.env["account.move"]
        key = [
            ("partner_id", "=", values["partner_id"]),
            ("maventa_buyer_reference", "=", "original"),
        ]
        line = {"name": "Snow", "price_unit": 1_000_000, "tax_ids": []}
        found = moves.search(key, limit=1) or moves.create(
            {
                **values,
                "move_type": "out_invoice",
                "maventa_buyer_reference": "original",
                "invoice_line_ids": [Command.create(line)],
            }
        )
        if found.state == "draft":
            found.action_post()
        return found

    def _wrong_account(self):
        """Return an account of the seller whose check digits are wrong."""
        return self.env["res.partner.bank"].create(
            {
                "acc_number": "FI2112345600000786",
                "partner_id": self.company.partner_id.id,
                "allow_out_payment": True,
            }
        )

    def _to_transfer(self, *moves):
        """Set the transfer status as an accountant does."""
        moves = self.env["account.move"].union(*moves)
        moves.with_user(self.accountant).action_maventa_to_transfer()
        return moves

    def _run_cron(self, name="transfer"):
        """Run a job (transfer, follow_up, account) with time for all of it."""
        cron = self.env.ref(f"account_maventa.ir_cron_maventa_{name}")
        with self.enter_registry_test_mode(), patch(JOB_TIME, 600):
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _failed(self):
        """Return an invoice that Maventa has and cannot deliver."""
        move = self._to_transfer(self._invoice())
        self._run_cron()
        self.simulator.polls_until_routed = 0
        with self._fault("delivery_fails"):
            self._run_cron("follow_up")
        self.assertEqual(move.maventa_state, "failed")
        return move

    def _change_at_maventa(self, transfer, **values):
        """Let somebody change in Maventa's own pages what it has of a transfer."""
        with self.simulator.store as state:
            key = f"invoice/{transfer.uuid}"
            state[key] = state[key] | values

    def _held(self):
        """Return the simulator's invoices by number."""
        held = self.simulator.held_invoices()
        by_number = {invoice.number: invoice for invoice in held}
        self.assertEqual(len(by_number), len(held), "held twice")
        return by_number

    def _status(self, role):
        """Return a status by its role: to_transfer, after_transfer, after_error."""
        return self.company[f"maventa_status_{role}_id"]

    @contextmanager
    def _fault(self, *names):
        """Let the next requests meet these faults, and check that they did."""
        for name in names:
            self.simulator.faults.add(name)
        yield
        for name in names:
            self.assertFalse(self.simulator.faults.take(name), f"{name} not met")

    def _make_document(self, move):
        return self.env["maventa.document.maker"]._make(move)

    def _builder(self, move):
        return self.env["maventa.document.maker"]._builder(move)

    def _recipient(self, move):
        return self.env["maventa.document.maker"]._recipient(move)

    def _problems(self, move):
        return self.env["maventa.upload.checks"]._problems(move)
