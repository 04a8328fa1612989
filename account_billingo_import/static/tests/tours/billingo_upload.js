import { registry } from "@web/core/registry";
import { inputFiles } from "@web/../tests/utils";

const NUMBER = "FOLY / 2026-900001";
// What waits for the server may take long on a machine that is busy (milliseconds).
const slow = { timeout: 60000 };

registry.category("web_tour.tours").add("billingo_upload", {
    steps: () => [
        {
            content: "upload Billingo's file, and one that is damaged",
            trigger: "button.o_button_upload_bill",
            async run() {
                const answer = await fetch("/billingo_upload_tour.json");
                const whole = await answer.text();
                await inputFiles(".o_control_panel .document_file_uploader", [
                    new File([whole], "whole.json"),
                    new File([whole.slice(0, -9)], "damaged.json"),
                ]);
            },
        },
        {
            content: "the list of what was made has the entry of the good one",
            trigger: `.o_data_row:contains('${NUMBER}'):contains('Draft')`,
            ...slow,
        },
        {
            content: "open the draft of the other one",
            trigger: `.o_data_row:not(:contains('${NUMBER}')):contains('Draft') td.o_data_cell`,
            run: "click",
        },
        {
            content: "it says what was wrong with the file",
            trigger: ".o-mail-Message:contains('damaged.json not imported')",
            ...slow,
        },
        {
            content: "the file is there",
            trigger: ".o-mail-Message:contains('damaged.json') .o-mail-AttachmentContainer, .o-mail-Message .o-mail-AttachmentCard:contains('damaged.json')",
        },
    ],
});
