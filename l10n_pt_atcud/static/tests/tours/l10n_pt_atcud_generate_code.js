import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("l10n_pt_atcud_generate_code", {
    steps: () => [
        {
            content: "The draft says that its series has no code; generate one",
            trigger:
                "#alerts [name=l10n_pt_atcud_series] a:contains('Generate validation code')",
            run: "click",
        },
        {
            content: "The banner is gone, and the same draft is still open",
            trigger:
                ".o_form_view:not(:has([name=l10n_pt_atcud_series])) button[name=action_post]:visible",
            run: "click",
        },
        {
            content: "It is posted with the first number of the series",
            trigger: ".o_form_view h1 [name=name]:contains('FT A2026/1')",
        },
        {
            content: "and shows its ATCUD",
            trigger: "[name=l10n_pt_atcud_value]:contains('-1')",
        },
    ],
});
