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
            content: "It waits; do not wait for the schedule",
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
            trigger: "div[name=maventa_transfer_ids] .badge:contains(Accepted)",
        },
        {
            content: "Ask what became of it",
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
            content: "There is no account yet: register",
            trigger: "#maventa_account button[name=action_maventa_open_registration]",
            run: "click",
        },
        {
            content: "The company and the person are filled in",
            trigger: ".modal button[name=action_register]",
            run: "click",
        },
        {
            content: "The company is registered, and waits for its authentication",
            trigger: "#maventa_account div[name=maventa_account_state]:contains(Waiting)",
        },
        {
            content: "Somebody has signed meanwhile: refresh",
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
            content: "The settings are read again",
            trigger: "#maventa_transfer div[name=maventa_enabled] input:checked",
        },
    ],
});

registry.category("web_tour.tours").add("account_maventa_correct", {
    steps: () => [
        {
            content: "The banner says what is missing",
            trigger: ".alert-danger:contains(street)",
        },
        {
            content: "It is in the status of what has failed",
            trigger: `${STATUS} button.o_arrow_button_current:contains("Transfer failed")`,
        },
        {
            content: "Open the customer",
            trigger: "div[name=partner_id] a.o_form_uri",
            run: "click",
        },
        {
            content: "Enter what is missing",
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
            content: "Do not wait for the schedule",
            trigger: "button[name=action_maventa_transfer_now]",
            run: "click",
        },
        {
            content: "Maventa has accepted it",
            trigger: `${STATUS} button.o_arrow_button_current:contains("Transferred")`,
        },
        {
            content: "Ask what became of it",
            trigger: "button[name=action_maventa_refresh]",
            run: "click",
        },
        {
            content: "Open the tab with the transfers",
            trigger: ".o_notebook .nav-link[name=maventa]",
            run: "click",
        },
        {
            content: "Both attempts are told of, and the delivery",
            trigger:
                "div[name=maventa_timeline]:contains(street):contains(Delivered by Maventa)",
        },
    ],
});
