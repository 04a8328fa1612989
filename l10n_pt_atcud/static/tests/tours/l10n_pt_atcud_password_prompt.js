import { registry } from "@web/core/registry";

const DIALOG = ".modal:has(.o_l10n_pt_atcud_password_prompt)";

const enter = (password) => ({
    content: "A dialog requests the password of the sub-user",
    trigger: `${DIALOG} input[type=password]`,
    run: `edit ${password}`,
});

const goOn = {
    content: "Go on with it",
    trigger: `${DIALOG} .modal-footer .btn-primary:enabled:contains('Continue')`,
    run: "click",
};

registry.category("web_tour.tours").add("l10n_pt_atcud_give_up", {
    steps: () => [
        {
            content: "Check the connection",
            trigger: "button[name=action_l10n_pt_atcud_check]",
            run: "click",
        },
        enter("Senha-124"),
        goOn,
        {
            content: "AT refuses; cancel to look for the right one",
            trigger: `${DIALOG}:has(.alert-danger:contains('Tries left: 4')) .modal-footer button:contains('Cancel')`,
            run: "click",
        },
        {
            content: "The settings show AT's answer",
            trigger:
                "body:not(:has(.modal)) [name=l10n_pt_atcud_diagnosis]:contains('Tries left: 4')",
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_password_prompt", {
    steps: () => [
        {
            content: "The draft needs the code of its series",
            trigger:
                "#alerts [name=l10n_pt_atcud_series] a:contains('Generate validation code')",
            run: "click",
        },
        enter("wrong"),
        goOn,
        {
            content: "A warning about the length comes before anything is sent",
            trigger: `${DIALOG} .o_l10n_pt_atcud_doubt:contains('this one has 5'):contains('Nothing was sent')`,
        },
        enter("Senha-124"),
        goOn,
        {
            content: "The dialog shows the refusal, and is still open",
            trigger: `${DIALOG} .alert-danger:contains('password that was entered'):contains('Tries left: 4')`,
        },
        enter("short"),
        goOn,
        {
            content: "The user may send it anyway",
            trigger: `${DIALOG} .btn-primary:enabled:contains('Send anyway')`,
            run: "click",
        },
        {
            content: "It costs a try",
            trigger: `${DIALOG} .alert-danger:contains('Tries left: 3')`,
        },
        enter("Senha-123"),
        goOn,
        {
            content: "The banner is gone, and the same draft is still open",
            trigger:
                "body:not(:has(.modal)) .o_form_view:not(:has([name=l10n_pt_atcud_series])) button[name=action_post]:visible",
        },
    ],
});
