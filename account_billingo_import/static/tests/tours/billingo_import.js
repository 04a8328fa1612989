import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("billingo_import", {
    steps: () => [
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
        },
        {
            content: "switch it on",
            trigger: "button[name='action_activate']",
            run: "click",
        },
        {
            content: "fetch now",
            trigger: "button[name='action_fetch']",
            run: "click",
        },
        {
            content: "all documents are there",
            trigger: "div[name='count_fetched']:contains('37')",
        },
        {
            content: "look at them",
            trigger: "button[name='action_open_documents']",
            run: "click",
        },
        {
            content: "open the newest",
            trigger: ".o_data_row td:contains('FOLY / 2026-000039')",
            run: "click",
        },
        {
            content: "its data are shown",
            trigger: "div[name='raw_text']:contains('gross_total')",
        },
        {
            content: "process it",
            trigger: "button[name='action_process']",
            run: "click",
        },
        {
            content: "open its entry",
            trigger: "button[name='action_open_move']",
            run: "click",
        },
        {
            content: "it is posted under Billingo's number",
            trigger: ".o_form_view div[name='name']:contains('FOLY / 2026-000039')",
        },
        {
            content: "and leads back to the document",
            trigger: "button[name='action_billingo_open_document']",
        },
    ],
});
