import { Component, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { registry } from "@web/core/registry";
import { useAutofocus } from "@web/core/utils/hooks";

// By the guides for users of the portal; so other lengths are doubted, not refused.
const SHORTEST = 8;
const LONGEST = 14;
const DEMO_PASSWORD = "demo";

/**
 * Request the passwords of AT sub-users. They go to the one action that needs them;
 * no record ever holds them.
 */
export class PasswordPrompt extends Component {
    static template = "l10n_pt_atcud.PasswordPrompt";
    static components = { Dialog };
    static props = { close: Function, confirm: Function, users: Array };

    setup() {
        this.state = useState({ passwords: {}, doubted: {} });
        useAutofocus({ refName: "autofocus" });
    }

    get isComplete() {
        return this.props.users.every((user) => this.state.passwords[user.id]);
    }

    /** Whether the warning about the length of this password was shown. */
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
        const isDemoPassword = user.is_demo && this.state.passwords[user.id] === DEMO_PASSWORD;
        return !isDemoPassword && (length < SHORTEST || length > LONGEST);
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

/** After a refusal, cancelling still shows what AT's answer has changed. */
function actionAfterCancel({ params: { model, users, first } }) {
    if (first) {
        return first.params.next;
    }
    const isRefused = users.some((user) => user.refusal);
    return isRefused && model === "res.config.settings"
        ? { type: "ir.actions.client", tag: "soft_reload" }
        : undefined;
}

async function promptPassword(env, action) {
    const { model, ids, method, users, otherwise, first } = action.params;
    if (first) {
        await env.services.action.doAction({
            ...first,
            params: { ...first.params, next: undefined },
        });
    }
    const passwords = await new Promise((resolve) => {
        env.services.dialog.add(
            PasswordPrompt,
            { confirm: resolve, users },
            { onClose: () => resolve(null) }
        );
    });
    if (!passwords) {
        return otherwise || actionAfterCancel(action);
    }
    const next = await env.services.orm.call("l10n_pt_atcud.password_prompt", "perform", [
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

registry.category("actions").add("l10n_pt_atcud_password_prompt", promptPassword);
