"""No form is locked by an odd value in the database."""

from odoo.tests import tagged

from ..services.stored_values import read_mismatch, read_refusal
from .common import AtcudCommon

ODD = (
    *("x", 5, True, [], ["x"], [["x", None]], {}, {"x": 1}, {"kind": "x", "a b": []}),
    *({"code": {}, "message": 5, "tries_left": "x"}, {"code": "99", "message": None}),
    *({"differences": "x"}, {"differences": [1], "used": "x"}, {"used": None}),
    *({"differences": {"serie": "x", "tipoSerie": [1], "estado": [[], {}]}},),
)


@tagged("post_install", "-at_install", "post_install_l10n")
class TestStoredValues(AtcudCommon):
    def read_form(self, record):
        """Read every field of a record, as its form and its export do."""
        record.flush_recordset()
        record.invalidate_recordset()
        self.assertTrue(record.read())

    def test_connection_is_shown_whatever_its_refusal_is(self):
        connection = self.connection.sudo()
        connection.state = "refused"
        for odd in ODD:
            with self.subTest(refusal=odd):
                connection.refusal = odd
                self.read_form(connection)
                self.assertTrue(connection.diagnosis)

    def test_series_is_shown_whatever_its_mismatch_is(self):
        series = self.make_series().sudo()
        for odd in ODD:
            with self.subTest(mismatch=odd):
                series.write({"mismatch": odd, "result_code": "different"})
                self.read_form(series)
                action = series.action_mismatch()
                self.read_form(self.env[action["res_model"]].browse(action["res_id"]))

    def test_odd_values_count_as_missing(self):
        known = {"code": str, "message": str, "tries_left": int}
        for odd in ODD:
            with self.subTest(stored=odd):
                kinds = {name: type(value) for name, value in read_refusal(odd).items()}
                self.assertLessEqual(kinds.items(), known.items())
                mismatch = read_mismatch(odd)
                self.assertEqual(mismatch["used"], 0)
                pairs = mismatch["differences"].values()
                self.assertTrue(all(len(pair) == 2 for pair in pairs))

    def test_good_values_are_kept(self):
        refusal = {"code": "99", "message": "Erro", "tries_left": 2}
        self.assertEqual(read_refusal(refusal), refusal)
        mismatch = {"differences": {"serie": ["A", None]}, "used": 7}
        self.assertEqual(read_mismatch(mismatch), mismatch)
