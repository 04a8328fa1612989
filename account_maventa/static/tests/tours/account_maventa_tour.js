import { registry } from "@web/core/registry";

const STATUS = ".o_maventa_status .o_statusbar_status";

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
            content: "Maventa has accepted it",
            trigger: `${STATUS} button.o_arrow_button_current:contains("Transferred")`,
        },
        {
            content: "Open the tab with the transfers",
            trigger: ".o_notebook .nav-link[name=maventa]",
            run: "click",
        },
        {
            content: "The transfer is accepted",
            trigger: "div[name=maventa_transfer_ids] .badge:contains(Received)",
        },
        {
            content: "Refresh the status",
            trigger: "button[name=action_maventa_refresh]",
            run: "click",
        },
        {
            content: "It is delivered",
            trigger: "div[name=maventa_transfer_ids] .badge:contains(Delivered)",
        },
    ],
});

registry.category("web_tour.tours").add("account_maventa_register", {
    steps: () => [
        {
            content: "Company without an account: register",
            trigger: "#maventa_account button[name=action_maventa_open_registration]",
            run: "click",
        },
        {
            content: "The company and the person are filled in",
            trigger: ".modal button[name=action_register]",
            run: "click",
        },
        {
            content: "The company is registered and waits for authentication",
            trigger: "#maventa_account div[name=maventa_account_state]:contains(Waiting)",
        },
        {
            content: "The authentication is signed: refresh",
            trigger: "#maventa_account button[name=action_maventa_refresh_account]",
            run: "click",
        },
        {
            content: "The company is verified",
            trigger: "#maventa_account div[name=maventa_account_state]:contains(Verified)",
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

registry.category("web_tour.tours").add("account_maventa_correct", {
    steps: () => [
        {
            content: "The banner shows the missing data",
            trigger: ".alert-danger:contains(street)",
        },
        {
            content: "The invoice has the status after an error",
            trigger: `${STATUS} button.o_arrow_button_current:contains("Transfer failed")`,
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
            content: "Maventa has accepted it",
            trigger: `${STATUS} button.o_arrow_button_current:contains("Transferred")`,
        },
        {
            content: "Refresh the status",
            trigger: "button[name=action_maventa_refresh]",
            run: "click",
        },
        {
            content: "Open the tab with the transfers",
            trigger: ".o_notebook .nav-link[name=maventa]",
            run: "click",
        },
        {
            content: "The history shows both attempts and the delivery",
            trigger:
                "div[name=maventa_timeline]:contains(street):contains(delivered by the simulator)",
        },
    ],
});
