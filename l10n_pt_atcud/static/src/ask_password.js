import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useAutofocus } from "@web/core/utils/hooks";

// What those who guide users of the portal say; so others are doubted, not refused.
const SHORTEST = 8;
const LONGEST = 14;
const OF_DEMO = "demo";

/**
 * Ask for the passwords of AT sub-users. They go to the one action that asked for
 * them; no record ever holds them.
 */
export class AskPasswordDialog extends Component {
    static template = "l10n_pt_atcud.AskPasswordDialog";
    static components = { Dialog };
    static props = { close: Function, confirm: Function, users: Array };

    setup() {
        this.state = useState({ passwords: {}, doubted: {} });
        useAutofocus({ refName: "autofocus" });
    }

    get isComplete() {
        return this.props.users.every((user) => this.state.passwords[user.id]);
    }

    /** Whether the user was told that AT gives no passwords of this length. */
    isDoubted(user) {
        const password = this.state.passwords[user.id];
        return Boolean(password) && this.state.doubted[user.id] === password;
    }

    get isAnyDoubted() {
        return this.props.users.some((user) => this.isDoubted(user));
    }

    lengthOf(user) {
        return [...(this.state.passwords[user.id] || "")].length;
    }

    isUnlikely(user) {
        const length = this.lengthOf(user);
        const isOfDemo = user.is_demo && this.state.passwords[user.id] === OF_DEMO;
        return !isOfDemo && (length < SHORTEST || length > LONGEST);
    }

    /** Doubt each unlikely password once: a wrong one costs one of few tries. */
    doubt() {
        const news = this.props.users.filter(
            (user) => this.isUnlikely(user) && !this.isDoubted(user)
        );
        for (const user of news) {
            this.state.doubted[user.id] = this.state.passwords[user.id];
        }
        return news.length > 0;
    }

    confirm() {
        if (this.isComplete && !this.doubt()) {
            this.props.confirm({ ...this.state.passwords });
            this.props.close();
        }
    }
}

/** Who gives up after a refusal sees what AT's answer has changed. */
function whatWasChanged({ params: { model, users, first } }) {
    if (first) {
        return first.params.next;
    }
    const isRefused = users.some((user) => user.refusal);
    return isRefused && model === "res.config.settings"
        ? { type: "ir.actions.client", tag: "soft_reload" }
        : undefined;
}

async function askPassword(env, action) {
    const { model, ids, method, users, otherwise, first } = action.params;
    if (first) {
        await env.services.action.doAction({
            ...first,
            params: { ...first.params, next: undefined },
        });
    }
    const passwords = await new Promise((resolve) => {
        env.services.dialog.add(
            AskPasswordDialog,
            { confirm: resolve, users },
            { onClose: () => resolve(null) }
        );
    });
    if (!passwords) {
        return otherwise || whatWasChanged(action);
    }
    const next = await env.services.orm.call("l10n_pt_atcud.password", "perform", [
        passwords,
        model,
        ids,
        method,
    ]);
    if (next?.tag === action.tag) {
        next.params.otherwise ||= otherwise;
    }
    return next?.type ? next : { type: "ir.actions.act_window_close" };
}

registry.category("actions").add("l10n_pt_atcud_ask_password", askPassword);
