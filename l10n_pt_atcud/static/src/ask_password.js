import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useAutofocus } from "@web/core/utils/hooks";

/**
 * Ask for the passwords of AT sub-users. They go to the one action that asked for
 * them; no record ever holds them.
 */
export class AskPasswordDialog extends Component {
    static template = "l10n_pt_atcud.AskPasswordDialog";
    static components = { Dialog };
    static props = { close: Function, confirm: Function, users: Array };

    setup() {
        this.state = useState({ passwords: {} });
        useAutofocus({ refName: "autofocus" });
    }

    get isComplete() {
        return this.props.users.every((user) => this.state.passwords[user.id]);
    }

    confirm() {
        if (this.isComplete) {
            this.props.confirm({ ...this.state.passwords });
            this.props.close();
        }
    }
}

async function askPassword(env, action) {
    const { model, ids, method, users, otherwise } = action.params;
    const passwords = await new Promise((resolve) => {
        env.services.dialog.add(
            AskPasswordDialog,
            { confirm: resolve, users },
            { onClose: () => resolve(null) }
        );
    });
    if (!passwords) {
        return otherwise || undefined;
    }
    const next = await env.services.orm.call("l10n_pt_atcud.password", "perform", [
        passwords,
        model,
        ids,
        method,
    ]);
    return next?.type ? next : { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("l10n_pt_atcud_ask_password", askPassword);
