import { registry } from "@web/core/registry";

const BANNER = "#alerts [name=l10n_pt_atcud_series]";
const SETTINGS = "#l10n_pt_atcud_connection";

const generate = {
    content: "Ask for a validation code from the banner of the draft",
    trigger: `${BANNER} a:contains('Generate validation code')`,
    run: "click",
};

registry.category("web_tour.tours").add("l10n_pt_atcud_check_connection", {
    steps: () => [
        {
            content: "The connection is not checked yet",
            trigger: `${SETTINGS} [name=l10n_pt_atcud_state]:contains('Not checked yet')`,
        },
        {
            content: "Check the connection",
            trigger: `${SETTINGS} button[name=action_l10n_pt_atcud_check]`,
            run: "click",
        },
        {
            content: "AT accepts the connection",
            trigger: ".o_notification:contains('AT accepts')",
        },
        {
            content: "and the settings say so",
            trigger: `${SETTINGS} [name=l10n_pt_atcud_state]:contains('Active')`,
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_register_post_print", {
    steps: () => [
        generate,
        {
            content: "The banner is gone; confirm",
            trigger: `.o_form_view:not(:has(${BANNER})) button[name=action_post]:visible`,
            run: "click",
        },
        {
            content: "It has its ATCUD",
            trigger: "[name=l10n_pt_atcud_value]:contains('-1')",
        },
        {
            content: "Print it",
            trigger: "button[name=action_print_pdf]:visible",
            run: "click",
        },
        {
            content: "Nothing is in the way",
            trigger: "body:not(:has(.o_error_dialog)):not(:has(.o_blockUI))",
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_refused_credentials", {
    steps: () => [
        generate,
        {
            content: "The dialog shows the reason and the tries left",
            trigger: ".o_error_dialog:contains('Tries left: 4')",
        },
        {
            content: "and leads to the settings",
            trigger: ".o_dialog button:contains('Open the AT settings')",
            run: "click",
        },
        {
            content: "which say the same beside the fields",
            trigger: `${SETTINGS} [name=l10n_pt_atcud_diagnosis]:contains('Tries left: 4')`,
        },
        {
            content: "and have the field for the password",
            trigger: `${SETTINGS} [name=l10n_pt_atcud_password] input`,
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_refused_series", {
    steps: () => [
        generate,
        {
            content: "The dialog says that the identifier is used up",
            trigger: ".o_error_dialog:contains('can never be used again')",
        },
        {
            content: "and leads to the series",
            trigger: ".o_dialog button:contains('Open the series')",
            run: "click",
        },
        {
            content: "which can still be changed",
            trigger: ".o_form_view [name=identifier] input",
        },
    ],
});
