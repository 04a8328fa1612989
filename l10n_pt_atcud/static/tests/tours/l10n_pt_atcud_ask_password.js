import { registry } from "@web/core/registry";

const answer = (password) => [
    {
        content: "A dialog asks for the password of the sub-user",
        trigger: ".o_l10n_pt_atcud_ask_password input[type=password]",
        run: `edit ${password}`,
    },
    {
        content: "Go on with it",
        trigger: ".modal-footer .btn-primary:enabled:contains('Continue')",
        run: "click",
    },
];

registry.category("web_tour.tours").add("l10n_pt_atcud_ask_password", {
    steps: () => [
        {
            content: "The draft asks for the code of its series",
            trigger:
                "#alerts [name=l10n_pt_atcud_series] a:contains('Generate validation code')",
            run: "click",
        },
        ...answer("wrong"),
        {
            content: "A wrong password is said to be one",
            trigger: ".modal:contains('Tries left: 4') .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "The draft still asks for the code",
            trigger:
                "body:not(:has(.modal)) #alerts [name=l10n_pt_atcud_series] a:contains('Generate validation code')",
            run: "click",
        },
        ...answer("Senha-123"),
        {
            content: "The banner is gone, and the same draft is still open",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has([name=l10n_pt_atcud_series])) button[name=action_post]:visible",
        },
    ],
});
