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
