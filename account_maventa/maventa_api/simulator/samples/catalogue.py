"""The samples: more than forty documents, each with a shape of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from . import parties as p
from .draft import STANDARD, Allowed, Draft, DraftRow, Style
from .parties import BUYER, Sender
from .rendering import PEPPOL, Sample, sample_of

D = Decimal
TEN, FOOD, OLD = D(10), D("13.5"), D(24)
NONE = D(0)


def samples(buyer: Sender = BUYER, today: date = date(2026, 3, 2)) -> list[Sample]:
    """Return all samples as sent to ``buyer``, dated some days before ``today``."""
    found = []
    for age, draft in enumerate(drafts()):
        day = today - timedelta(days=age % 12)
        due = draft.due and day + (draft.due - draft.date)
        dated = replace(draft, date=day, due=due)
        if draft.buyer is BUYER:
            dated = replace(dated, buyer=buyer)
        found.append(sample_of(dated))
    return found


def drafts() -> list[Draft]:
    """Return what each sample says."""
    return [
        *_ordinary(),
        *_sub_rows(),
        *_freight(),
        *_trades(),
        *_credit_notes(),
        *_sums(),
        *_payments(),
        *_files(),
        *_kinds(),
        *_abroad(),
        *_scans(),
    ]


def reference(base: str) -> str:
    """Return a Finnish bank reference with its check digit."""
    weights = (7, 3, 1)
    total = sum(int(digit) * weights[i % 3] for i, digit in enumerate(reversed(base)))
    return base + str((10 - total % 10) % 10)


def _row(name: str, net: str, rate: Decimal = STANDARD, **more: Any) -> DraftRow:
    return DraftRow(name, D(net), rate, **more)


def _ordinary() -> list[Draft]:
    return [
        Draft(
            "plain",
            "Office supplies, two rates",
            "5001",
            p.OFFICE,
            (
                _row("Paperi A4", "45.00", quantity=D(10), article="P-4"),
                _row("Kirja", "20.00", FOOD),
            ),
            reference=reference("5001001"),
            order="PO-100",
        ),
        Draft(
            "clean",
            "Cleaning, with the buyer's order number on a row",
            "S-77",
            p.CLEANING,
            (
                _row(
                    "Siivous",
                    "240.00",
                    quantity=D(8),
                    unit="h",
                    unit_code="HUR",
                    order="PO-101",
                ),
            ),
            reference="RF18539007547034",
            buyer_reference="Kustannuspaikka 210",
        ),
        Draft(
            "rent",
            "Rent with a period, without VAT",
            "V-3/26",
            p.LANDLORD,
            (
                DraftRow(
                    "Vuokra",
                    D("1200.00"),
                    NONE,
                    "E",
                    period=(date(2026, 3, 1), date(2026, 3, 31)),
                ),
            ),
            reference=reference("300126"),
            exempt_reason="AVL 27 §",
        ),
        Draft(
            "long_texts",
            "Rows of text between priced rows",
            "5002",
            p.OFFICE,
            (
                DraftRow("Maaliskuu"),
                _row("Tuoli", "99.90", texts=("Väri: musta", "Takuu 2 v")),
                DraftRow("Kiitos tilauksesta"),
            ),
            texts=("Toimitus viikolla 10.", "Reklamaatiot 8 päivän kuluessa."),
            terms="14 päivää netto",
        ),
        Draft(
            "interest_terms",
            "Cash discount of 2 % by date",
            "5003",
            p.WHOLESALE,
            (_row("Tavara", "500.00"),),
            cash_discount=D(2),
            terms="2 % 7 pv, 14 pv netto",
            reference=reference("5003"),
        ),
    ]


def _sub_rows() -> list[Draft]:
    calls = tuple(
        DraftRow(f"Liittymä 04{n} 000 00{n}", D("9.90"), article="TEL")
        for n in range(3)
    )
    pension = tuple(
        DraftRow(name, D(net), NONE, "E")
        for name, net in (("TyEL-maksu 2/26", "812.44"), ("Tarkistus", "-12.44"))
    )
    return [
        Draft(
            "telecom_sub_rows",
            "Telecom: sub-rows repeat the row",
            "900100200",
            p.TELECOM,
            (
                _row("Matkapuhelinliittymät", "29.70", parts=calls),
                _row("Laajakaista", "39.90"),
            ),
            reference=reference("900100200"),
        ),
        Draft(
            "pension_sub_rows",
            "Pension insurer: the amounts are in sub-rows",
            "TY-2602",
            p.PENSION,
            (DraftRow("Vakuutusmaksut", parts=pension, parts_count=True),),
            reference=reference("712602"),
            exempt_reason="AVL 44 §",
        ),
    ]


def _freight() -> list[Draft]:
    return [
        Draft(
            "freight_per_hundred",
            "Freight: price per 100 kg, as the standard says it",
            "R-100",
            p.FREIGHT,
            (
                _row(
                    "Kuljetus Oulu-Helsinki",
                    "155.00",
                    quantity=D(1240),
                    price=D("12.50"),
                    base=D(100),
                    unit="kg",
                    unit_code="KGM",
                ),
                _row("Polttoainelisä", "23.25", charge=D("5.00")),
            ),
            reference=reference("100100"),
        ),
        Draft(
            "freight_hidden_hundred",
            "Freight: price per 100 kg that does not say so",
            "R-101",
            p.FREIGHT,
            (
                _row(
                    "Kuljetus",
                    "155.00",
                    quantity=D(1240),
                    price=D("12.50"),
                    base=D(100),
                    unit="100 kg",
                    unit_code="KGM",
                ),
            ),
            style=Style(hidden_base=True),
        ),
    ]


def _trades() -> list[Draft]:
    return [
        Draft(
            "energy_with_vat",
            "Energy: prices with VAT alone",
            "E-55",
            p.ENERGY,
            (
                _row("Energia", "81.27", quantity=D(1016), unit="kWh", unit_code="KWH"),
                _row("Perusmaksu", "4.37"),
                _row("Siirto", "33.33", quantity=D(1016), unit="kWh", unit_code="KWH"),
            ),
            reference=reference("55001"),
            style=Style(prices_with_vat=True),
        ),
        Draft(
            "builder_reverse",
            "Construction: reverse charge at home",
            "K-9",
            p.BUILDER,
            (DraftRow("Rakennustyö", D("4200.00"), NONE, "AE", quantity=D(70)),),
            exempt_reason="Käännetty verovelvollisuus, AVL 8 c §",
            reference=reference("9009"),
        ),
        Draft(
            "food_rates",
            "Groceries: three rates, EAN codes, deposits",
            "F-12",
            p.FOOD,
            (
                _row("Kahvi", "59.94", FOOD, quantity=D(6), ean="6400000000011"),
                _row("Pantti", "2.40", NONE, code="Z", quantity=D(12)),
                _row("Astiat", "30.00"),
                _row("Lehti", "9.00", TEN),
            ),
        ),
        Draft(
            "many_small",
            "Two hundred rows of fractions",
            "T-200",
            p.WHOLESALE,
            tuple(
                _row(f"Ruuvi {n}", "0.33", quantity=D(3), price=D("0.1111"))
                for n in range(200)
            ),
        ),
        Draft(
            "old_rate",
            "A rate that is no longer in force",
            "5004",
            p.OFFICE,
            (_row("Toimitus 2024", "10.00", OLD),),
        ),
    ]


def _credit_notes() -> list[Draft]:
    base = Draft(
        "credit_negative",
        "Credit note as the guidelines write it",
        "H-1",
        p.OFFICE,
        (_row("Paperi A4", "9.00", quantity=D(2), article="P-4"),),
        kind="INV02",
        kind_un="381",
        original="5001",
    )
    return [
        base,
        replace(
            base,
            key="credit_positive",
            title="Credit note with positive amounts",
            number="H-2",
            style=Style(positive_credit=True),
        ),
        replace(
            base,
            key="credit_as_invoice",
            title="An invoice with a negative total",
            number="H-3",
            kind="INV01",
            kind_un="380",
            rows=(_row("Palautus", "-50.00", quantity=D(-5)), _row("Nouto", "12.00")),
        ),
        replace(
            base,
            key="credit_unknown_original",
            title="Credit note for an invoice that never came",
            number="H-4",
            original="99999",
        ),
        replace(
            base,
            key="cancellation",
            title="The original is withdrawn",
            number="H-5",
            origin_code="Cancel",
        ),
    ]


def _sums() -> list[Draft]:
    return [
        Draft(
            "row_discount",
            "Discounts on rows: percent and amount",
            "D-1",
            p.WHOLESALE,
            (
                _row(
                    "Laatikko",
                    "90.00",
                    quantity=D(10),
                    price=D(10),
                    discount=D("10.00"),
                    discount_percent=D(10),
                ),
                _row("Hylly", "75.00", price=D(80), discount=D("5.00")),
            ),
        ),
        Draft(
            "document_discount",
            "Discount and freight of the whole document",
            "D-2",
            p.WHOLESALE,
            (_row("Tavara", "200.00"),),
            allowed=(
                Allowed(D("20.00"), reason="Vuosialennus"),
                Allowed(D("8.00"), True, "Rahti"),
            ),
        ),
        Draft(
            "rounding",
            "Rounded to five cents",
            "D-3",
            p.FOOD,
            (_row("Ateria", "11.97", FOOD),),
            round_off=D("0.01"),
        ),
        Draft(
            "prepaid",
            "A part is paid already",
            "D-4",
            p.WHOLESALE,
            (_row("Kone", "1000.00"),),
            paid=D("500.00"),
        ),
        Draft(
            "paid",
            "All of it is paid already",
            "D-5",
            p.FOOD,
            (_row("Lounas", "14.80", FOOD),),
            paid=D("16.80"),
        ),
        Draft(
            "wrong_vat",
            "The head's VAT is a euro too high",
            "D-6",
            p.CLEANING,
            (_row("Ikkunat", "80.00"),),
            vat_off=D("1.00"),
        ),
        Draft(
            "zero",
            "A total of zero",
            "D-7",
            p.OFFICE,
            (_row("Näyte", "10.00"), _row("Hyvitys", "-10.00", quantity=D(-1))),
        ),
    ]


def _payments() -> list[Draft]:
    return [
        Draft(
            "account_changed",
            "The account is another than before",
            "5005",
            p.OFFICE,
            (_row("Paperi A4", "45.00", quantity=D(10)),),
            other_iban="FI2459639321765419",
            reference=reference("5005"),
        ),
        Draft(
            "factoring",
            "Payable to a finance company",
            "L-1",
            p.BUILDER,
            (_row("Urakka, erä 1", "3000.00"),),
            kind_un="393",
            payee=p.FACTOR,
            reference=reference("4411"),
        ),
        Draft(
            "odd_reference",
            "A reference whose check digit fails",
            "5006",
            p.CLEANING,
            (_row("Siivous", "120.00"),),
            reference="12345671",
        ),
        Draft(
            "same_number",
            "The number of another one once more",
            "5001",
            p.OFFICE,
            (
                _row("Paperi A4", "45.00", quantity=D(10), article="P-4"),
                _row("Kirja", "20.00", FOOD),
            ),
            reference=reference("5001001"),
            order="PO-100",
        ),
        Draft(
            "link",
            "With a link, as banks send it instead of the image",
            "5007",
            p.ENERGY,
            (_row("Energia", "20.00"),),
            links=(("Lasku", "https://laskut.example/5007"),),
            has_image=False,
        ),
    ]


def _files() -> list[Draft]:
    base = Draft(
        "utf8_said_latin",
        "Declared as ISO-8859-15, really UTF-8",
        "A-1",
        p.CLEANING,
        (_row("Žižekin päivä – 5 €", "33.00"),),
        style=Style(encoding="utf-8"),
    )
    sheet = ("erittely.csv", "text/csv", b"rivi;summa\n1;33,00\n")
    return [
        base,
        replace(
            base,
            key="utf8_with_mark",
            title="UTF-8 with a byte order mark",
            number="A-2",
            style=Style(encoding="utf-8", declared="UTF-8", mark=b"\xef\xbb\xbf"),
        ),
        replace(
            base,
            key="latin_undeclared",
            title="ISO-8859-15 without a declaration",
            number="A-3",
            style=Style(declared=""),
        ),
        replace(
            base,
            key="framed",
            title="With a SOAP frame before it",
            number="A-4",
            style=Style(has_frame=True),
        ),
        replace(
            base,
            key="two_in_one",
            title="Two invoices in one file",
            number="A-5",
            style=Style(has_frame=True, repeats=2),
        ),
        replace(
            base,
            key="version_1",
            title="Finvoice 1.3 with a document type, without currencies",
            number="A-6",
            source_format="FINVOICE13",
            style=Style(
                version="1.3",
                has_doctype=True,
                encoding="iso-8859-1",
                declared="ISO-8859-1",
            ),
        ),
        replace(
            base,
            key="version_2",
            title="Finvoice 2.01 with a frame",
            number="A-7",
            source_format="FINVOICE20",
            style=Style(version="2.01", has_frame=True),
        ),
        replace(
            base,
            key="lower_case",
            title="Names of elements in lower case",
            number="A-8",
            style=Style(lower_case=True),
        ),
        replace(
            base,
            key="files",
            title="With two attachments beside the image",
            number="A-9",
            style=Style(),
            files=(sheet, ("Työ maa.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n")),
        ),
    ]


def _kinds() -> list[Draft]:
    base = Draft(
        "reminder",
        "A reminder: repeats a debt",
        "M-1",
        p.COLLECTOR,
        (_row("Lasku 5001", "65.00", NONE, code="O"),),
        kind="INV08",
        reference=reference("80001"),
    )
    return [
        base,
        replace(
            base,
            key="interest_note",
            title="Interest for late payment",
            number="M-2",
            kind="INV03",
        ),
        replace(
            base,
            key="prepayment",
            title="A prepayment invoice",
            number="M-3",
            seller=p.BUILDER,
            kind="INV01",
            kind_un="386",
            rows=(_row("Ennakko", "500.00"),),
        ),
        replace(
            base,
            key="copy",
            title="A copy of what came before",
            number="5001",
            seller=p.OFFICE,
            kind="INV01",
            origin_code="Copy",
            rows=(_row("Paperi A4", "45.00"), _row("Kirja", "20.00", FOOD)),
        ),
        replace(
            base,
            key="direct_payment",
            title="A copy of a direct payment",
            number="M-5",
            seller=p.ENERGY,
            kind="INV09",
            rows=(_row("Energia", "20.00"),),
        ),
    ]


def _abroad() -> list[Draft]:
    goods = Draft(
        "peppol_sweden",
        "Sweden: goods within the EU",
        "SE-2026-1",
        p.SWEDISH,
        (DraftRow("Ljus", D("400.00"), NONE, "K", quantity=D(40)),),
        currency="SEK",
        exempt_reason="Intra-community supply",
        source_format=PEPPOL,
    )
    return [
        goods,
        replace(
            goods,
            key="peppol_norway",
            title="Norway: a service from outside the EU",
            number="10042",
            seller=p.NORWEGIAN,
            currency="NOK",
            rows=(DraftRow("Rådgivning", D("9000.00"), NONE, "O"),),
            exempt_reason="Outside the scope of VAT",
        ),
        replace(
            goods,
            key="peppol_denmark",
            title="Denmark: a credit note",
            number="KN-7",
            seller=p.DANISH,
            currency="DKK",
            kind="INV02",
            kind_un="381",
            original="F-6",
            rows=(DraftRow("Lampe", D("120.00"), NONE, "K", quantity=D(2)),),
        ),
        replace(
            goods,
            key="peppol_germany",
            title="Germany: a machine, partly prepaid",
            number="RE-889",
            seller=p.GERMAN,
            currency="EUR",
            paid=D("1000.00"),
            rows=(
                DraftRow("Säge", D("3500.00"), NONE, "K"),
                DraftRow("Öl", D("49.50"), NONE, "K", quantity=D(3)),
            ),
        ),
        replace(
            goods,
            key="peppol_netherlands",
            title="Netherlands: software, reverse charge",
            number="2026-0099",
            seller=p.DUTCH,
            currency="EUR",
            rows=(DraftRow("Licentie", D("99.00"), NONE, "AE", quantity=D(3)),),
            exempt_reason="Reverse charge",
            allowed=(Allowed(D("9.90"), False, "Korting", NONE, "AE"),),
        ),
        replace(
            goods,
            key="peppol_finland",
            title="A Finnish sender by Peppol",
            number="P-1",
            seller=p.FOOD,
            currency="EUR",
            rows=(_row("Kahvi", "59.94", FOOD, quantity=D(6)),),
            reference=reference("1011"),
            origin="INTERNAL",
        ),
    ]


def _scans() -> list[Draft]:
    base = Draft(
        "scan",
        "A scan: totals without lines",
        "SK-1",
        p.LANDLORD,
        (_row("-", "88.00"),),
        has_lines=False,
        origin="SCAN",
    )
    return [
        base,
        replace(
            base,
            key="scan_of_einvoice",
            title="A scan of what came as an e-invoice too",
            number="5001",
            seller=p.OFFICE,
            rows=(_row("-", "45.00"), _row("-", "20.00", FOOD)),
        ),
    ]
