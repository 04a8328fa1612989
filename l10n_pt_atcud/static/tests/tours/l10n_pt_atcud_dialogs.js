import { registry } from "@web/core/registry";

const LIST = ".o_list_view";
const SERIES = `${LIST} .o_data_row`;
const confirmed = ".modal .modal-footer .btn-primary:enabled";

const press = (content, trigger) => ({ content, trigger, run: "click" });

registry.category("web_tour.tours").add("l10n_pt_atcud_next_year", {
    steps: () => [
        press(
            "Ask for next year's series",
            "button[name=action_next_year]:contains('Next year')"
        ),
        {
            content: "They follow this year's by a visible pattern",
            trigger:
                ".modal .o_data_row:contains('FT A2026'):contains('A{year}'):contains('A2027')",
        },
        press("Create and register them", confirmed),
        {
            content: "The result of each is shown",
            trigger: ".o_notification:contains('FT A2027: ')",
        },
        {
            content: "and they are listed, registered",
            trigger: `body:not(:has(.modal)) ${SERIES}:contains('A2027'):contains('Registered')`,
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_next_year_refused", {
    steps: () => [
        press(
            "Ask for next year's series",
            "button[name=action_next_year]:contains('Next year')"
        ),
        press("Create and register them", confirmed),
        {
            content: "AT refuses one, with the reason; the other one is registered",
            trigger:
                ".o_notification:contains('FT A2027: AT knows this series as annulled'):contains('NC A2027: AA')",
        },
        {
            content: "what failed can be tried again from here",
            trigger: `body:not(:has(.modal)) ${SERIES}:contains('FT - Invoice'):contains('To register')`,
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_import", {
    steps: () => [
        press(
            "Import series from AT that do not exist in Odoo",
            "button[name=action_import]:contains('Import')"
        ),
        {
            content: "The series at AT are shown before anything is created",
            trigger: ".modal .o_data_row:contains('PORTAL2026'):contains('Active')",
        },
        press(
            "Choose the line to enter the last number of another program",
            ".modal .o_data_row:contains('PORTAL2026') [name=numbered_until]"
        ),
        {
            content: "Enter the last number",
            trigger: ".modal .o_selected_row [name=numbered_until] input",
            run: "edit 17",
        },
        press("Import it", confirmed),
        {
            content: "It exists in Odoo, registered, with its code",
            trigger: `body:not(:has(.modal)) ${SERIES}:contains('PORTAL2026'):contains('Registered')`,
        },
        press(
            "Import once more",
            `${LIST} button[name=action_import], .o_control_panel button[name=action_import]`
        ),
        {
            content: "There is nothing left to import",
            trigger: ".modal:contains('All series that AT knows exist in Odoo')",
        },
        press("Close the dialog", ".modal .modal-footer .btn-primary:contains('Close')"),
        { content: "The list is there", trigger: `body:not(:has(.modal)) ${LIST}` },
    ],
});

const register = press(
    "Register the series",
    "button[name=action_register]:visible:contains('Register with AT')"
);

registry.category("web_tour.tours").add("l10n_pt_atcud_mismatch", {
    steps: () => [
        register,
        {
            content: "AT's data is shown beside the request",
            trigger:
                ".modal .o_data_row:contains('First number'):has([name=requested]:contains('1')):has([name=at_at]:contains('10'))",
        },
        press("Decide later", ".modal .modal-footer button:contains('Cancel')"),
        press(
            "Look at it again",
            "body:not(:has(.modal)) button[name=action_mismatch]:visible"
        ),
        {
            content: "Another program has used numbers already",
            trigger: ".modal [name=numbered_until] input",
            run: "edit 12",
        },
        press("Adopt it", ".modal button[name=action_adopt]"),
        {
            content: "It is registered as AT has it",
            trigger:
                "body:not(:has(.modal)) .o_form_view [name=first_number]:contains('10')",
        },
        {
            content: "with AT's code",
            trigger: ".o_form_view [name=validation_code]:contains('AA')",
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_card", {
    steps: () => [
        press(
            "The journal's card says that a series is to be registered",
            "a[name=action_l10n_pt_atcud_open_series]:contains('1 to register')"
        ),
        press(
            "Select it",
            `${SERIES}:contains('A2026') .o_list_record_selector input`
        ),
        press(
            "and register it",
            ".o_control_panel button[name=action_register]:contains('Register with AT')"
        ),
        {
            content: "AT's code is said",
            trigger: ".o_notification:contains('FT A2026: AA')",
        },
        {
            content: "and the list shows it",
            trigger: `${SERIES}:contains('A2026'):contains('Registered')`,
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_warned", {
    steps: () => [
        {
            content: "The draft says what happens if it is posted now",
            trigger:
                "#alerts [name=l10n_pt_atcud_series]:contains('gets no ATCUD, and a number outside')",
        },
        press(
            "Generate the code instead",
            "#alerts [name=l10n_pt_atcud_series] a:contains('Generate validation code')"
        ),
        press(
            "The banner is gone; confirm",
            ".o_form_view:not(:has([name=l10n_pt_atcud_series])) button[name=action_post]:visible"
        ),
        {
            content: "It has its ATCUD",
            trigger: "[name=l10n_pt_atcud_value]:contains('-1')",
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_finalise", {
    steps: () => [
        press("Finalise", "button[name=action_finalise]:visible"),
        {
            content: "The last number is known elsewhere: enter it",
            trigger: ".modal:contains('does not issue') [name=last_number] input",
            run: "edit 88",
        },
        press("Send it to AT", ".modal button[name=action_confirm]:visible"),
        {
            content: "The series is finalised with it",
            trigger:
                "body:not(:has(.modal)) .o_form_view [name=last_number]:contains('88')",
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_tab", {
    steps: () => [
        press("Open the journal's series", ".nav-link[name=l10n_pt_atcud_series]"),
        {
            content: "All columns fit the window",
            trigger: "[name=l10n_pt_atcud_series_ids] .o_list_table:has(.o_data_row)",
            run() {
                const { clientWidth, scrollWidth } = this.anchor.parentElement;
                if (scrollWidth > clientWidth) {
                    throw new Error(`${scrollWidth} pixels in ${clientWidth}`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_cancel", {
    steps: () => [
        press("Cancel", "button[name=action_l10n_pt_atcud_cancel]:visible"),
        {
            content: "The dialog names the document; enter the reason",
            trigger: ".modal:contains('FT A2026/1') [name=reason] input",
            run: "edit Cliente errado",
        },
        press("Confirm", ".modal button[name=action_confirm]:visible"),
        {
            content: "It is cancelled, and says why",
            trigger:
                "body:not(:has(.modal)) #alerts [name=l10n_pt_atcud_cancelled]:contains('Cliente errado')",
        },
    ],
});
