import { registry } from "@web/core/registry";

const NUMBER = "FOLY / 2026-000039";
// What waits for the server may take long on a machine that is busy (milliseconds).
const slow = { timeout: 60000 };

const connect = [
    {
        content: "open the connection",
        trigger: ".o_data_row td:contains('Our own account')",
        run: "click",
    },
    {
        content: "ask Billingo whose key it is",
        trigger: "button[name='action_check']",
        run: "click",
    },
    {
        content: "the answer is on the form",
        trigger: "div[name='organization_tax_number']:contains('24318758-2-41')",
        ...slow,
    },
    {
        content: "switch it on",
        trigger: "button[name='action_activate']",
        run: "click",
    },
];

const fetch = [
    {
        content: "fetch now",
        trigger: "button[name='action_fetch']",
        run: "click",
    },
    {
        content: "all documents are there",
        trigger: "div[name='count_fetched']:contains('37')",
        ...slow,
    },
    {
        content: "look at them",
        trigger: "button[name='action_open_documents']",
        run: "click",
    },
    {
        content: "open the newest",
        trigger: `.o_data_row td:contains('${NUMBER}')`,
        run: "click",
    },
    {
        content: "its data are shown",
        trigger: "div[name='raw_text']:contains('gross_total')",
    },
];

const putRight = [
    {
        content: "process it",
        trigger: "button[name='action_process']",
        run: "click",
    },
    {
        content: "an error names the pair that is not mapped",
        trigger: "div[name='alerts']:contains('No tax is mapped to the VAT code 27%')",
        ...slow,
    },
    {
        content: "go where it can be put right",
        trigger: "div[name='alerts'] a:contains('Map the tax')",
        run: "click",
    },
    {
        content: "the form knows the pair",
        trigger: ".modal div[name='vat_code'] input:value('27%')",
    },
    {
        content: "look for a tax",
        trigger: ".modal div[name='tax_id'] input",
        run: "edit Of the tour",
    },
    {
        content: "choose it",
        trigger: ".o-autocomplete--dropdown-item:contains('Of the tour')",
        run: "click",
    },
    {
        content: "map it and process again",
        trigger: ".modal button[name='action_map_and_process']",
        run: "click",
    },
    {
        content: "it is processed, and Billingo still makes its PDF",
        trigger: "body:not(:has(.modal)) button[name='action_get_pdf']",
        ...slow,
        run: "click",
    },
    {
        content: "the PDF has come",
        trigger: "div[name='pdf_state']:contains('Attached')",
        ...slow,
    },
];

const seeOriginal = [
    {
        content: "the original is shown",
        trigger: ".o_attachment_preview iframe[data-src*='pdfjs'], .o_attachment_preview iframe[src*='pdfjs']",
        ...slow,
    },
    {
        content: "beside the data of the document, not below or instead of them",
        trigger: "div[name='raw_text']:contains('gross_total')",
        run() {
            const preview = document.querySelector(".o_attachment_preview iframe");
            const data = document.querySelector(".o_form_sheet");
            const [right, left] = [preview, data].map((x) => x.getBoundingClientRect());
            if (!(right.left >= left.right && right.width > 300 && right.height > 300)) {
                throw new Error("The original does not stand beside the data.");
            }
        },
    },
];

const seeEntry = [
    {
        content: "open its entry",
        trigger: "button[name='action_open_move']",
        run: "click",
    },
    {
        content: "it is posted under Billingo's number",
        trigger: `.o_form_view div[name='name']:contains('${NUMBER}')`,
        ...slow,
    },
    {
        content: "and leads back to the document",
        trigger: "button[name='action_billingo_open_document']",
    },
];

registry.category("web_tour.tours").add("billingo_import", {
    steps: () => [...connect, ...fetch, ...putRight, ...seeOriginal, ...seeEntry],
});
