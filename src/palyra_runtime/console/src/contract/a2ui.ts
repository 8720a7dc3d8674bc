// Made by contract/generate.mjs. Do not edit: change the models of the gateway, and make it again.

export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AmbientMode
         * @description Whether an experiment may listen, and when.
         * @enum {string}
         */
        AmbientMode: "disabled" | "push_to_talk";
        /**
         * Chart
         * @description Numbers, drawn as bars.
         */
        Chart: {
            /** Id */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "chart";
            props: components["schemas"]["ChartProps"];
        };
        /**
         * ChartPoint
         * @description One bar.
         */
        ChartPoint: {
            /** Label */
            label: string;
            /** Value */
            value: number;
        };
        /**
         * ChartProps
         * @description What a chart shows.
         */
        ChartProps: {
            /** Title */
            title: string;
            /** Series */
            series: components["schemas"]["ChartPoint"][];
        };
        /**
         * CheckboxField
         * @description Yes or no; where it is required, only yes will do.
         */
        CheckboxField: {
            /** Id */
            id: string;
            /** Label */
            label: string;
            /** Hint */
            hint: string;
            /** Required */
            required: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "checkbox";
            /** Defaultvalue */
            defaultValue: boolean;
        };
        /**
         * Experimental
         * @description What the author says about an experiment that the document is part of.
         */
        Experimental: {
            /** Trackid */
            trackId: string;
            /** Featureflag */
            featureFlag: string;
            rolloutStage: components["schemas"]["RolloutStage"];
            ambientMode: components["schemas"]["AmbientMode"];
            /** Consentrequired */
            consentRequired: boolean;
            /** Supportsummary */
            supportSummary: string;
            /** Securityreview */
            securityReview: string[];
            /** Exitcriteria */
            exitCriteria: string[];
        };
        /**
         * Form
         * @description Fields to fill in, and a button that sends them.
         */
        Form: {
            /** Id */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "form";
            props: components["schemas"]["FormProps"];
        };
        /**
         * FormProps
         * @description What a form asks for; field ids are unique in their form.
         */
        FormProps: {
            /** Title */
            title: string;
            /** Submitlabel */
            submitLabel: string;
            /** Fields */
            fields: (components["schemas"]["TextField"] | components["schemas"]["NumberField"] | components["schemas"]["SelectField"] | components["schemas"]["CheckboxField"])[];
        };
        /**
         * List
         * @description Items, one below the other.
         */
        List: {
            /** Id */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "list";
            props: components["schemas"]["ListProps"];
        };
        /**
         * ListProps
         * @description What a list holds.
         */
        ListProps: {
            /** Ordered */
            ordered: boolean;
            /** Items */
            items: string[];
        };
        /**
         * Markdown
         * @description A text with headings, lists, emphasis, code and links.
         */
        Markdown: {
            /** Id */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "markdown";
            props: components["schemas"]["MarkdownProps"];
        };
        /**
         * MarkdownProps
         * @description What a markdown text says.
         */
        MarkdownProps: {
            /** Value */
            value: string;
        };
        /**
         * NumberField
         * @description A number from ``min`` to ``max``, in steps that are counted from ``min``.
         */
        NumberField: {
            /** Id */
            id: string;
            /** Label */
            label: string;
            /** Hint */
            hint: string;
            /** Required */
            required: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "number";
            /** Min */
            min: number;
            /** Max */
            max: number;
            /** Step */
            step: number;
            /** Defaultvalue */
            defaultValue: number;
        };
        /**
         * RolloutStage
         * @description How far an experiment has come.
         * @enum {string}
         */
        RolloutStage: "disabled" | "dark_launch" | "operator_preview" | "limited_preview";
        /**
         * SelectField
         * @description One of several choices; there is always one that is chosen.
         */
        SelectField: {
            /** Id */
            id: string;
            /** Label */
            label: string;
            /** Hint */
            hint: string;
            /** Required */
            required: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "select";
            /** Options */
            options: components["schemas"]["SelectOption"][];
            /** Defaultvalue */
            defaultValue: string;
        };
        /**
         * SelectOption
         * @description One choice of a select field.
         */
        SelectOption: {
            /** Label */
            label: string;
            /** Value */
            value: string;
        };
        /**
         * Table
         * @description Rows of cells under titles.
         */
        Table: {
            /** Id */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "table";
            props: components["schemas"]["TableProps"];
        };
        /**
         * TableProps
         * @description What a table holds; each row has one cell for each column.
         */
        TableProps: {
            /** Columns */
            columns: string[];
            /** Rows */
            rows: string[][];
        };
        /**
         * Text
         * @description A sentence.
         */
        Text: {
            /** Id */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "text";
            props: components["schemas"]["TextProps"];
        };
        /**
         * TextField
         * @description A line of text, or an address for mail.
         */
        TextField: {
            /** Id */
            id: string;
            /** Label */
            label: string;
            /** Hint */
            hint: string;
            /** Required */
            required: boolean;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "email" | "text";
            /** Placeholder */
            placeholder: string;
            /** Defaultvalue */
            defaultValue: string;
        };
        /**
         * TextProps
         * @description What a text says.
         */
        TextProps: {
            tone: components["schemas"]["Tone"];
            /** Value */
            value: string;
        };
        /**
         * Tone
         * @description How a text is meant.
         * @enum {string}
         */
        Tone: "normal" | "muted" | "success" | "critical";
        /**
         * Unsupported
         * @description A component of a type that this version does not know.
         */
        Unsupported: {
            /** Id */
            id: string;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "unsupported";
            props: components["schemas"]["UnsupportedProps"];
        };
        /**
         * UnsupportedProps
         * @description What the component wanted to be, and its properties as JSON text, as far as they fit.
         */
        UnsupportedProps: {
            /** Kind */
            kind: string;
            /** Source */
            source: string;
        };
        /**
         * Document
         * @description A page: its surface's name, and what it shows, from top to bottom.
         */
        Document: {
            /**
             * V
             * @constant
             */
            v: 1;
            /** Surface */
            surface: string;
            /** Components */
            components: (components["schemas"]["Text"] | components["schemas"]["Markdown"] | components["schemas"]["List"] | components["schemas"]["Table"] | components["schemas"]["Form"] | components["schemas"]["Chart"] | components["schemas"]["Unsupported"])[];
            /** @default null */
            experimental: components["schemas"]["Experimental"] | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
