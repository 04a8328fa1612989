import { registry } from "@web/core/registry";

const STATUS = ".o_maventa_status .o_statusbar_status";
const ARROW = "button.o_arrow_button_current";
const CURRENT = `${STATUS} ${ARROW}`;
const ATTEMPTS = "div[name=maventa_transfer_ids]";
const ACCOUNT = "#maventa_account";

// Badges are found by colour, statuses by names that the tests give them: the tours
// play in every language.
registry.category("web_tour.tours").add("account_maventa_transfer", {
    steps: () => [
        {
            content: "Set the status of the invoice to be transferred",
            trigger: `${STATUS} button:contains("To transfer"):not(:disabled)`,
            run: "click",
        },
        {
            content: "The invoice is queued; do not wait for the job",
            trigger: "button[name=action_maventa_transfer_now]",
            run: "click",
        },
        {
            content: "Maventa has received it",
            trigger: `${CURRENT}:contains("Transferred")`,
        },
        {
            content: "It looks like Demo",
            trigger: ".o_maventa_status .badge.text-bg-warning",
        },
        {
            content: "Open the tab with the transfers",
            trigger: ".o_notebook .nav-link[name=maventa]",
            run: "click",
        },
        {
            content: "The transfer is accepted",
            trigger: `${ATTEMPTS} .badge.text-bg-info`,
        },
        {
            content: "Refresh the status",
            trigger: "button[name=action_maventa_refresh]",
            run: "click",
        },
        {
            content: "It is delivered",
            trigger: `${ATTEMPTS} .badge.text-bg-success`,
        },
        {
            content: "Odoo's own ribbon does not cover the mark of Demo",
            trigger: ".o_form_sheet .ribbon .text-bg-warning",
            run() {
                const ribbons = [...document.querySelectorAll(".o_form_sheet .ribbon")];
                if (ribbons.length < 2 || !ribbons.at(-1).contains(this.anchor)) {
                    throw new Error("the mark of Demo is covered");
                }
            },
        },
        {
            content: "The statuses run forward, and the current one stands out",
            // The button of the current status is disabled, so no step waits for it.
            trigger: `${STATUS}:has(${ARROW}:contains("Transferred"))`,
            run() {
                const current = this.anchor.querySelector(ARROW);
                const first = [...this.anchor.querySelectorAll("button")].find(
                    (button) => button.textContent.includes("To transfer")
                );
                const left = (button) => button.getBoundingClientRect().x;
                if (left(first) >= left(current)) {
                    throw new Error("the statuses run backwards");
                }
                const colour = (button) => getComputedStyle(button).backgroundColor;
                if (colour(first) === colour(current)) {
                    throw new Error("the current status does not stand out");
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("account_maventa_taken_out", {
    steps: () => [
        {
            content: "Set the status of the invoice to be transferred",
            trigger: `${STATUS} button:contains("To transfer"):not(:disabled)`,
            run: "click",
        },
        {
            content: "The invoice is queued; a click that takes it out",
            trigger: `body:has(button[name=action_maventa_transfer_now]) ${STATUS} button:contains("Transfer failed"):not(:disabled)`,
            run: "click",
        },
        {
            content: "... asks first; no",
            trigger: ".modal:has(.modal-body) .btn-secondary",
            run: "click",
        },
        {
            content: "It is queued as before",
            trigger: `body:not(:has(.modal)) ${CURRENT}:contains("To transfer")`,
        },
        {
            content: "Again",
            trigger: `${STATUS} button:contains("Transfer failed"):not(:disabled)`,
            run: "click",
        },
        {
            content: "Yes",
            trigger: ".modal:has(.modal-body) .btn-primary",
            run: "click",
        },
        {
            content: "It is taken out",
            trigger: `${CURRENT}:contains("Transfer failed")`,
        },
    ],
});

registry.category("web_tour.tours").add("account_maventa_settings", {
    steps: () => [
        {
            content: "Connected companies",
            trigger: `${ACCOUNT} button:contains("Connected companies")`,
            run: "click",
        },
        {
            content: "... open the list of the accounts in use",
            trigger: ".o_list_view .o_data_row .badge.text-bg-success",
        },
        {
            content: "Back to the settings",
            trigger: ".breadcrumb-item.o_back_button a",
            run: "click",
        },
        {
            content: "A line about a setting",
            trigger: "#maventa_checklist button[data-setting=maventa_taxes]",
            run: "click",
        },
        {
            content: "... shows the setting",
            trigger: "#maventa_taxes",
            run() {
                const { top, bottom } = this.anchor.getBoundingClientRect();
                if (top < 0 || bottom > window.innerHeight) {
                    throw new Error("the setting is not on the screen");
                }
            },
        },
        {
            content: "A line about the company",
            trigger: "#maventa_checklist button:contains(Enter the e-mail address)",
            run: "click",
        },
        {
            content: "... opens its form",
            trigger: ".o_form_view div[name=email] input",
        },
    ],
});

const CARD = `.o_kanban_record:contains("Jää Oy"):has(.text-bg-danger):has(.text-bg-warning)`;
const fits = {
    trigger: CARD,
    run() {
        if (this.anchor.getBoundingClientRect().right > window.innerWidth) {
            throw new Error("the card is wider than the screen");
        }
    },
};

registry.category("web_tour.tours").add("account_maventa_cards", {
    steps: () => [
        { content: "An invoice: customer, state, Demo", ...fits },
        {
            content: "Open the log",
            trigger: "body",
            run() {
                window.location = "/odoo/action-account_maventa.action_maventa_transfer";
            },
            expectUnloadPage: true,
        },
        {
            content: "A transfer: customer, state, Demo, error",
            ...fits,
            trigger: `${CARD}:has(.text-danger)`,
        },
    ],
});

const sendSixty = () => [
    {
        content: "Select all",
        trigger: ".o_list_view thead .o_list_record_selector input",
        run: "click",
    },
    ...["Kivi Oy", "Yksi Oy"].map((customer) => ({
        content: "... but these two",
        trigger: `.o_data_row_selected:contains(${customer}) .o_list_record_selector input`,
        run: "click",
    })),
    {
        content: "Open the actions",
        trigger: ".o_cp_action_menus button:has(.fa-cog)",
        run: "click",
    },
    {
        content: "Transfer",
        trigger: ".o-dropdown--menu .o-dropdown-item:contains(Maventa:)",
        run: "click",
    },
    {
        content: "The result is shown",
        trigger: ".o_notification:contains(60)",
    },
    {
        content: "The list is read again",
        trigger: ".o_list_view:not(:has(.o_data_row_selected))",
    },
];

const correctOne = () => [
    {
        content: "The banner shows the missing data",
        trigger: ".alert-danger",
    },
    {
        content: "The invoice has the status after an error",
        trigger: `${CURRENT}:contains("Transfer failed")`,
    },
    {
        content: "Open the customer",
        trigger: "div[name=partner_id] a.o_form_uri",
        run: "click",
    },
    {
        content: "Enter the missing street",
        trigger: "div[name=street] input",
        run: "edit Uusikatu 7",
    },
    {
        content: "Save",
        trigger: ".o_form_button_save",
        run: "click",
    },
    {
        content: "Back to the invoice",
        trigger: ".breadcrumb-item.o_back_button a",
        run: "click",
    },
    {
        content: "Set the status back",
        trigger: `${STATUS} button:contains("To transfer"):not(:disabled)`,
        run: "click",
    },
    {
        content: "Do not wait for the job",
        trigger: "button[name=action_maventa_transfer_now]",
        run: "click",
    },
    {
        content: "Maventa has received it",
        trigger: `${CURRENT}:contains("Transferred")`,
    },
    {
        content: "Open the tab with the transfers",
        trigger: ".o_notebook .nav-link[name=maventa]",
        run: "click",
    },
    {
        content: "The transfer is accepted: refresh the status",
        trigger: `body:has(${ATTEMPTS} .badge.text-bg-info) button[name=action_maventa_refresh]`,
        run: "click",
    },
    {
        content: "The history shows both attempts and the delivery",
        trigger: `body:has(${ATTEMPTS} .badge.text-bg-success) div[name=maventa_timeline]:has(.o_maventa_attempt + .o_maventa_attempt)`,
    },
];

const sendOne = () => [
    {
        content: "Open Odoo's Send dialog",
        trigger: "button[name=action_invoice_sent]:not(.d-none)",
        run: "click",
    },
    {
        content: "By Maventa is the customer's method, and Demo is said",
        trigger: ".modal .o_account_move_send_wizard .alert",
    },
    {
        content: "Send",
        trigger: ".modal footer button[name=action_send_and_print].btn-primary",
        run: "click",
    },
    {
        content: "Maventa has received it",
        trigger: `body:not(:has(.modal)) ${CURRENT}:contains("Transferred")`,
    },
];

const open = (customer) => ({
    content: `The invoice of ${customer}`,
    trigger: `.o_list_view .o_data_row:contains(${customer}) td[name=name]`,
    run: "click",
});

registry.category("web_tour.tours").add("account_maventa_stories", {
    steps: () => [
        ...sendSixty(),
        open("Kivi Oy"),
        ...correctOne(),
        {
            content: "Back to the list",
            trigger: ".breadcrumb-item.o_back_button a",
            run: "click",
        },
        open("Yksi Oy"),
        ...sendOne(),
    ],
});

registry.category("web_tour.tours").add("account_maventa_register", {
    steps: () => [
        {
            content: "Company without an account: choose the environment",
            trigger: `${ACCOUNT} div[name=maventa_environment] input`,
            run: "click",
        },
        {
            content: "Demo",
            trigger: ".o_select_menu_menu .o_select_menu_item:contains(Demo)",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save, .o_control_panel button[name=execute]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "Register",
            trigger: `${ACCOUNT} button[name=action_maventa_open_registration]`,
            run: "click",
        },
        {
            content: "The company, the person and the approver are filled in",
            trigger: ".modal div[name=approver_id] input:value(/./)",
        },
        {
            content: "Register",
            trigger: ".modal button[name=action_register]",
            run: "click",
        },
        {
            content: "The company is registered and waits for authentication",
            trigger: `body:not(:has(.modal)) ${ACCOUNT} div[name=maventa_account_state] .text-bg-warning`,
        },
        {
            content: "The authentication is signed: refresh",
            trigger: `${ACCOUNT} button[name=action_maventa_refresh_account]`,
            run: "click",
        },
        {
            content: "The company is verified",
            trigger: `${ACCOUNT} div[name=maventa_account_state] .text-bg-success`,
        },
        {
            content: "The checklist tells what is there",
            trigger: "#maventa_checklist .text-success",
        },
        {
            content: "No breadcrumb was added",
            trigger: "body:not(:has(.breadcrumb-item.o_back_button))",
        },
        {
            content: "The other settings are open: switch on",
            trigger: "#maventa_transfer div[name=maventa_enabled] input",
            run: "click",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save, .o_control_panel button[name=execute]",
            run: "click",
            expectUnloadPage: true,
        },
        {
            content: "The settings are loaded again",
            trigger: "#maventa_transfer div[name=maventa_enabled] input:checked",
        },
    ],
});

const BANNER = "div[name=alerts] .alert";

registry.category("web_tour.tours").add("account_maventa_another_bill", {
    steps: () => [
        {
            content: "The draft may be the same as another bill",
            trigger: `${BANNER}-danger:contains("may be the same invoice as") a`,
            run: "click",
        },
        {
            content: "Both bills are shown",
            trigger:
                ".modal:has(div[name=this_bill]:contains(5001)) div[name=other_bill]:contains(Toimisto)",
        },
        {
            content: "It is another one",
            trigger: ".modal button[name=action_another]",
            run: "click",
        },
        {
            content: "The question is settled at once; a price was changed as well",
            trigger: `body:not(:has(.modal)):not(:has(${BANNER}-danger:contains("may be the same"))) ${BANNER}-warning:contains("differs from its document")`,
        },
        {
            content: "An accountant creates no taxes",
            trigger: `body:not(:has(${BANNER} a:contains("Create the tax")))`,
        },
        {
            content: "The account has changed: compare",
            trigger: `${BANNER}-danger:contains("account to pay to has changed") a`,
            run: "click",
        },
        {
            content: "... both numbers",
            trigger:
                ".modal:has(div[name=known]:contains(FI24)) div[name=named]:contains(FI92)",
        },
        {
            content: "Only those who may validate accounts trust one",
            trigger:
                ".modal:not(:has(button[name=action_trust])) .modal-footer .btn-secondary",
            run: "click",
        },
        {
            content: "Posting is refused while sums differ",
            trigger: "body:not(:has(.modal)) button[name=action_post]:not(:disabled)",
            run: "click",
        },
        {
            content: "... with the reason",
            trigger: '.modal:contains("cannot be posted yet") .modal-footer .btn-primary',
            run: "click",
        },
        {
            content: "Checked",
            trigger: `body:not(:has(.modal)) ${BANNER}:contains("differs from its document") a:contains("Checked")`,
            run: "click",
        },
        {
            content: "... has no button any more",
            trigger: `body:not(:has(${BANNER} a:contains("Checked"))) ${BANNER}-info:contains("differs from its document")`,
        },
    ],
});

registry.category("web_tour.tours").add("account_maventa_same_bill", {
    steps: () => [
        {
            content: "The draft may be the same as another bill",
            trigger: `${BANNER}-danger:contains("may be the same invoice as") a`,
            run: "click",
        },
        {
            content: "It is the same",
            trigger: ".modal button[name=action_same]",
            run: "click",
        },
        {
            content: "The other bill is shown, with the receipt",
            trigger:
                "body:not(:has(.modal)):has(.o_arrow_button_current:contains(Posted)) .o_notebook .nav-link[name=maventa_received]",
            run: "click",
        },
        {
            content: "... and its history",
            trigger:
                'div[name=maventa_receipt_timeline]:contains("the same invoice as")',
        },
    ],
});
