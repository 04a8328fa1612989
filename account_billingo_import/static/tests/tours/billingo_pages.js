import { registry } from "@web/core/registry";

// What waits for the server may take long on a machine that is busy (milliseconds).
const slow = { timeout: 60000 };

registry.category("web_tour.tours").add("billingo_process_page", {
    steps: () => [
        {
            content: "the page of the mail's link can be processed",
            trigger: ".o_form_view .o_form_statusbar button[name='action_process']",
            ...slow,
            run: "click",
        },
        {
            content: "the document follows, with its entry",
            trigger: ".o_form_view button[name='action_open_move']",
            ...slow,
        },
    ],
});

function checkList() {
    const headings = [...document.querySelectorAll(".o_list_table thead th[data-name]")];
    for (const heading of headings) {
        const text = heading.querySelector(".o_list_header_text, .text-truncate") || heading;
        if (text.scrollWidth > text.clientWidth) {
            throw new Error(`The heading ${heading.dataset.name} is cut.`);
        }
    }
    const rows = [...document.querySelectorAll(".o_data_row")];
    const heights = new Set(rows.map((row) => row.getBoundingClientRect().height));
    if (heights.size !== 1) {
        throw new Error(`Rows have different heights: ${[...heights].join(", ")}`);
    }
    const errors = [...document.querySelectorAll(".o_data_row td[name='error_line']")];
    const error = errors.find((cell) => cell.textContent.trim());
    if (error.getBoundingClientRect().width < 240 || !error.dataset.tooltip) {
        throw new Error("The error is not readable.");
    }
    for (const name of ["name", "partner_name", "gross_total"]) {
        for (const cell of document.querySelectorAll(`.o_data_row td[name='${name}']`)) {
            if (cell.scrollWidth > cell.clientWidth) {
                throw new Error(`${name} is cut: ${cell.textContent}`);
            }
        }
    }
}

registry.category("web_tour.tours").add("billingo_list", {
    steps: () => [
        {
            content: "headings are whole, rows have one height, errors can be read",
            trigger: ".o_list_view .o_data_row td[name='error_line']:contains('No tax')",
            ...slow,
            run: checkList,
        },
        {
            content: "drafts are told from what is posted",
            trigger: ".o_data_row td[name='move_state'] .text-bg-warning",
        },
    ],
});
