import { registry } from "@web/core/registry";

const DIALOG = ".modal:has(.o_l10n_pt_atcud_ask_password)";

const enter = (password) => ({
    content: "A dialog asks for the password of the sub-user",
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
            content: "AT refuses; look for the right one first",
            trigger: `${DIALOG}:has(.alert-danger:contains('Tries left: 4')) .modal-footer button:contains('Cancel')`,
            run: "click",
        },
        {
            content: "The settings say what AT said",
            trigger:
                "body:not(:has(.modal)) [name=l10n_pt_atcud_diagnosis]:contains('Tries left: 4')",
        },
    ],
});

registry.category("web_tour.tours").add("l10n_pt_atcud_ask_password", {
    steps: () => [
        {
            content: "The draft asks for the code of its series",
            trigger:
                "#alerts [name=l10n_pt_atcud_series] a:contains('Generate validation code')",
            run: "click",
        },
        enter("wrong"),
        goOn,
        {
            content: "That AT has no such passwords is said before it is sent",
            trigger: `${DIALOG} .o_l10n_pt_atcud_doubt:contains('this one has 5'):contains('Nothing was sent')`,
        },
        enter("Senha-124"),
        goOn,
        {
            content: "The dialog says that this one was refused, and is still open",
            trigger: `${DIALOG} .alert-danger:contains('password that was entered'):contains('Tries left: 4')`,
        },
        enter("short"),
        goOn,
        {
            content: "Who knows better may send it all the same",
            trigger: `${DIALOG} .btn-primary:enabled:contains('Send it all the same')`,
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
