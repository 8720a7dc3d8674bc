// Made by contract/generate.mjs. Do not edit: change the models of the gateway, and make it again.

export interface paths {
    "/api/v1/skills": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return every release of every skill, as it is, or was at a position or moment. */
        get: operations["skills.list"];
        put?: never;
        /** Verify, audit and keep an artifact, and return its release; one that fails goes into quarantine. */
        post: operations["skills.install"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/updates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Install a newer release of an installed skill and let it run; what widens needs to be agreed to. */
        post: operations["skills.update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/updates/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what would change with a newer release; nothing is installed. */
        post: operations["skills.plan_update"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/reaudits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Audit every enabled release again, and return what became of each. */
        post: operations["skills.reaudit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the releases of one skill by version, as they are, or were at a position or moment. */
        get: operations["skills.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what happened to a skill, in words and in order; also to one that was removed. */
        get: operations["skills.history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Compare two releases: by default the enabled one, or the one enabled last, with the newest. */
        get: operations["skills.diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a release run, after a fresh audit; what widens needs to be agreed to. */
        post: operations["skills.enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/enable/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what would change if a release were enabled; nothing is changed. */
        post: operations["skills.plan_enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go back to an older release that was enabled before; what widens needs to be agreed to. */
        post: operations["skills.rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/rollback/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what would change by going back; nothing is changed. */
        post: operations["skills.plan_rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a release until somebody has looked at it: the enabled one, or else the newest. */
        post: operations["skills.quarantine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Switch a release off: the enabled one, or else the newest. */
        post: operations["skills.disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a release away, whatever it is; its history stays, and it can be installed again. */
        post: operations["skills.remove"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/inspection": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what an installed release is made of and asks for. */
        get: operations["verification.inspect"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/verification": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Check the signature of an installed release, and that it is the one that was installed. */
        get: operations["verification.verify"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/sbom": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the bill of materials of an installed release. */
        get: operations["verification.sbom"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/provenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return where an installed release says that it comes from. */
        get: operations["verification.provenance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/skills/{skill_id}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Audit an installed release again, and if asked to, put it into quarantine where it fails. */
        post: operations["verification.audit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return every plugin, as it is, or as it was at a position or moment. */
        get: operations["plugins.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return all plugins as the reference system's ``plugins/bindings.json``. */
        get: operations["plugins.export_index"];
        put?: never;
        /** Bind what the reference system's ``plugins/bindings.json``, of any version, says; all or nothing. */
        post: operations["plugins.import_index"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/index/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what `import_index` would do, and what stands in its way. */
        post: operations["plugins.plan_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/bind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bind a plugin to a module of a skill, or bind it anew, with the capabilities named. */
        post: operations["plugins.bind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/rebind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a plugin run the module that its skill has now; what changes its grants needs to be agreed to. */
        post: operations["plugins.rebind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/rebind/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what would change for a plugin that is bound anew, null where nothing would. */
        post: operations["plugins.plan_rebind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/unbind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a plugin's name away. */
        post: operations["plugins.unbind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a plugin run again. */
        post: operations["plugins.enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a plugin from running, for hooks and as a tool; its deliveries are skipped meanwhile. */
        post: operations["plugins.disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a plugin as a tool, as an agent does, and return its answer; the run is recorded. */
        post: operations["plugins.run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/grants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what a plugin may do under the enabled release, or else the newest, or ``version``. */
        get: operations["plugins.grants"];
        put?: never;
        /** Grant a plugin these capabilities and no others, for the module that it is bound to. */
        post: operations["plugins.set_grants"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what can be configured and what is, held against the release that is enabled. */
        get: operations["configs.get"];
        put?: never;
        /** Set some values and unset others; the rest stays, for the release that is enabled now. */
        post: operations["configs.set"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/config/clear": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Unset all values. */
        post: operations["configs.clear"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/storage-use": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return how much a plugin keeps, or kept at a position or moment. */
        get: operations["storage.use"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/storage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return values that a plugin keeps, whose paths begin so, by path, at most ``limit`` after a path. */
        get: operations["storage.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/plugins/{plugin_id}/storage/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return a value that a plugin keeps, or kept at a position or moment. */
        get: operations["storage.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return every hook, as it is, or as it was at a position or moment. */
        get: operations["hooks.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return all hooks as the reference system's ``hooks/bindings.json``. */
        get: operations["hooks.export_index"];
        put?: never;
        /** Bind what the reference system's ``hooks/bindings.json``, of any version, says; all or nothing. */
        post: operations["hooks.import_index"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/index/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what `import_index` would do, and what stands in its way. */
        post: operations["hooks.plan_import"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{hook_id}/bind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Invoke a plugin whenever an event of a kind happens; or change what a hook does. */
        post: operations["hooks.bind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{hook_id}/rebind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change what is named about a hook, and nothing else; it stays enabled or disabled. */
        post: operations["hooks.rebind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{hook_id}/unbind": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a hook away; what is scheduled already is still carried out. */
        post: operations["hooks.unbind"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{hook_id}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a hook react again. */
        post: operations["hooks.enable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/hooks/{hook_id}/disable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop a hook from reacting; what is scheduled already is still carried out. */
        post: operations["hooks.disable"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return deliveries in the order of scheduling, at most ``limit`` after a position. */
        get: operations["deliveries.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return figures by hook, plugin or outcome, as they are, or were at a position or moment. */
        get: operations["deliveries.stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/carry-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Do one thing to all deliveries that match, or to those named; ``as_of`` is that of a plan. */
        post: operations["deliveries.carry_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Wait until all that is due now is carried out, and report what was done; with no gateway, do it. */
        post: operations["dispatch.drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what an action would do to all that match, or else to those named; nothing is done. */
        post: operations["deliveries.plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{delivery_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return one delivery with its attempts, its events, and what it waits behind. */
        get: operations["deliveries.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{delivery_id}/attempts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the attempts of a delivery, in order: what the plugin was told, and what it said. */
        get: operations["deliveries.attempts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{delivery_id}/redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a delivery carried out once more that has come to an end, in a new round. */
        post: operations["deliveries.redeliver"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{delivery_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Redeliver a dead letter, or make the next attempt of a waiting one due at once. */
        post: operations["deliveries.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{delivery_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cancel an open delivery; if an attempt is being made, it comes to nothing. */
        post: operations["deliveries.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/deliveries/{delivery_id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a dead letter away. */
        post: operations["deliveries.discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return decisions, the newest first, at most ``limit`` before a position. */
        get: operations["decisions.list"];
        put?: never;
        /** Ask the hooks that are bound to a phase, and return what counts; it is recorded by then. */
        post: operations["decisions.take"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/decisions/{decision_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return one decision with the answer of each hook; it is named by its id or by its position. */
        get: operations["decisions.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return messages that are not sent, in the order of sending, at most ``limit`` after a place. */
        get: operations["messages.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/{message_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return one message, also one that was sent or discarded; with ``at``, as it was then. */
        get: operations["messages.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/{message_id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Have a message tried again at once, whose tries failed. */
        post: operations["messages.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/outbox/{message_id}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a message away that is not sent. */
        post: operations["messages.discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/surfaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return surfaces by id, at most ``limit`` after one: those that are open, or closed, or all. */
        get: operations["surfaces.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/surface-problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what plugins wrote and no surface, or this one, could show, the newest first. */
        get: operations["surfaces.problems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/surfaces/{surface}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what a surface shows, or showed: at one of its versions, or at a position or moment. */
        get: operations["surfaces.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/surfaces/{surface}/a2ui": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what a surface shows, or showed, as messages of Google's A2UI v0.9 in its basic catalog. */
        get: operations["surfaces.as_a2ui"];
        put?: never;
        /** Take the action message of a client of A2UI v0.9: a form that is sent off. */
        post: operations["surfaces.act"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/surfaces/{surface}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the versions of a surface, the newest first, at most ``limit`` before one. */
        get: operations["surfaces.history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/surfaces/{surface}/submit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send off a form of a surface; the plugin that shows it is told. */
        post: operations["surfaces.submit"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/surfaces/{surface}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a surface away, until a plugin shows a new document there. */
        post: operations["surfaces.close"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return which log it is, and how far it has come. */
        get: operations["events.identity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return at most ``limit`` events after a position, the oldest first. */
        get: operations["events.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/newest": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the newest events, or those that were the newest, the oldest of them first. */
        get: operations["events.newest"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{position}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the event at a position. */
        get: operations["events.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/blobs/{digest}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what bytes are, and which events name them; the whole log is read for it. */
        get: operations["blobs.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return rows in the order of the log, at most ``limit``, after a position. */
        get: operations["audit.log"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return who did how much after a position, the busiest first. */
        get: operations["audit.activity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the checkpoints of the folder, the smallest first. */
        get: operations["ledger.checkpoints"];
        put?: never;
        /** Sign the head of the log, and keep what was signed outside the database. */
        post: operations["ledger.checkpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/proofs/{position}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the proof that an event is under the newest checkpoint, or under that of a size. */
        get: operations["ledger.prove"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the signed rows after a position, at most ``limit``. */
        get: operations["ledger.export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read the log again and say what is wrong with it; rows under a checkpoint ``since`` are not read. */
        post: operations["ledger.verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Verify the whole log and its views, and say who did how much after a position. */
        post: operations["ledger.report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return the position up to which a checkpoint vouches for the log. */
        post: operations["ledger.covered_by"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit/key/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign with another key from now on, and return the first checkpoint that it signed. */
        post: operations["ledger.rotate_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return where each view stands. */
        get: operations["projections.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/pulse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return how far the views have come that are live or being built; it asks for little. */
        get: operations["projections.pulse"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Build views anew from the log, all of them where none is named, and return where they stand. */
        post: operations["projections.rebuild"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Fold the log again and compare each of these views, or all, with what it gives. */
        post: operations["projections.verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{name}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try the dead letters of a view again, and return those that remain. */
        post: operations["projections.retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/rebuild/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what `rebuild` would do. */
        post: operations["projections.plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let views stand still: questions to them fail until `resume`, and so does what acts on them. */
        post: operations["projections.pause"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let views go on. */
        post: operations["projections.resume"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return the answer to a SELECT over the live tables, which have the names of the views. */
        post: operations["projections.query"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return all builds of a view, also the one before. */
        get: operations["projections.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Compare the live build of a view with the one before it. */
        get: operations["projections.diff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let readers read the build before the live one; it is brought as far first. */
        post: operations["projections.rollback"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/projections/{name}/drop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Drop the builds of a view that nobody reads, or with ``live`` all of them; return what is gone. */
        post: operations["projections.drop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the events that report views went on without. */
        get: operations["projections.dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/dead-letters/{name}/discard": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Forget dead letters of a view, and return them; the next rebuild tries the events again. */
        post: operations["projections.discard"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Replay the log, or a stretch of it, and say in what the replay differs. */
        post: operations["replay.run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replay/trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run a module that is sent on what a plugin ran on, and compare; nothing reaches the world. */
        post: operations["replay.try_module"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replay/version-trials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run the module of an installed release on what a plugin ran on, and compare. */
        post: operations["replay.try_version"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/replay/explanations/{what}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Say why a delivery exists and what it did, or the same of the event at a position. */
        get: operations["replay.explain"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/gateway": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what gateways do, and the last ``runs`` of them. */
        get: operations["gateway.status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/doctor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what each check has found. */
        get: operations["doctor.examine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/database": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return what takes how much room, and how fast it grows. */
        get: operations["database.stats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/database/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what is wrong with the store itself; nothing is written. */
        post: operations["database.check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return how much room each kind of bytes takes. */
        get: operations["retention.usage"];
        put?: never;
        /** Drop what a plan says, told again by its rules, its head and its moment; or a plan made now. */
        post: operations["retention.run"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the configured policy: how long each kind of bytes is kept, and how much of it. */
        get: operations["retention.policy"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/retention/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what `run` would drop, by the configured policy or by other ``rules``. */
        post: operations["retention.plan"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trust": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the keys of all publishers, or of one, as they are, or were at a position or moment. */
        get: operations["trust.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trust/store": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the allow-list and the pins as the JSON object that `import_store` reads. */
        get: operations["trust.export_store"];
        put?: never;
        /** Take over the trust store of another installation, all of it or nothing; return all keys. */
        post: operations["trust.import_store"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trust/revoke/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return the keys that `revoke` would revoke and the releases that it would quarantine, as they are. */
        post: operations["trust.plan_revocation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trust/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Revoke all keys of a publisher, or one key of whoever has it. */
        post: operations["trust.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trust/{publisher}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Put a key on the allow-list, and return the publisher's keys. */
        post: operations["trust.add"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/trust/{publisher}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a new key take the place of an old one, and return the publisher's keys. */
        post: operations["trust.rotate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the tokens that count, or with ``spent`` also those that do not any more. */
        get: operations["tokens.list"];
        put?: never;
        /** Issue a token for a program that acts as ``holder``, which is whoever asks unless it is named. */
        post: operations["tokens.create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tokens/{token_id}/revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let a token count no longer, from this moment on. */
        post: operations["tokens.revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/erasures/plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Return what `erase` would drop, and what it would leave. */
        post: operations["subjects.plan_erasure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Erase what a person wrote, what was recorded of runs that were told of it, and their name. */
        post: operations["subjects.erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Return the names that actors have, by id. */
        get: operations["subjects.names"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actors/{actor}/name": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Call an actor by a name; it lies in an ordinary table, and never in the log. */
        post: operations["subjects.name"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/actors/{actor}/unname": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take the name of an actor away. */
        post: operations["subjects.unname"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show
         * @description Tell who is asking, and what a page of ours shows with each write.
         */
        get: operations["session.show"];
        put?: never;
        /**
         * Begin
         * @description Use up the secret of a login link, and begin a session of 12 hours.
         */
        post: operations["session.begin"];
        /**
         * End
         * @description Log out: the session counts no longer, wherever its cookie is.
         */
        delete: operations["session.end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Listing
         * @description List the jobs of this process, the newest first.
         */
        get: operations["jobs.list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Show
         * @description Show how a job stands, and its result where it is done.
         */
        get: operations["jobs.show"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/jobs/{job_id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel
         * @description Ask a job to stop where it can; what is done stays done.
         */
        post: operations["jobs.cancel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read
         * @description Follow what happens: ``audit`` events from the log, ``job`` and ``projection`` events beside it.
         *
         *     It begins behind ``Last-Event-ID``, else behind ``after``, else with what happens next.
         */
        get: operations["stream.read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/surfaces/{surface}/a2ui/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow
         * @description Follow a surface as messages of Google's A2UI v0.9: first all that it shows, then what changes.
         *
         *     Each event is a version, its ``id``; behind ``Last-Event-ID``, else behind the version that the client
         *     has ``shown``, it is what has changed since then.
         */
        get: operations["stream.surface"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Alive
         * @description Tell that this process answers; it asks nothing of the database.
         */
        get: operations["health.alive"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready
         * @description Tell whether the database can be read and no view stands still.
         */
        get: operations["health.ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Metrics
         * @description Return the figures for Prometheus; a viewer's token is enough.
         */
        get: operations["health.metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Action
         * @description What an operator can do to deliveries.
         * @enum {string}
         */
        Action: "redeliver" | "retry" | "cancel" | "discard";
        /**
         * ActorActivity
         * @description What one actor did: how many events, about what kinds of things, and when.
         */
        ActorActivity: {
            /** Actor */
            actor: string;
            /** Events */
            events: number;
            /** Subjects */
            subjects: string[];
            /**
             * Since
             * Format: date-time
             */
            since: string;
            /**
             * Until
             * Format: date-time
             */
            until: string;
        };
        /**
         * ActorName
         * @description What an actor is called.
         */
        ActorName: {
            /** Actor */
            actor: string;
            /** Name */
            name: string;
        };
        /**
         * Answer
         * @description The rows of an answer, with the names of their columns.
         */
        Answer: {
            /** Columns */
            columns: string[];
            /** Rows */
            rows: unknown[][];
        };
        /**
         * Aspect
         * @description What differs.
         * @enum {string}
         */
        Aspect: "bytes" | "terms" | "input" | "outcome" | "exit_code" | "output" | "fuel" | "memory" | "host_calls" | "logs" | "effects" | "verdict" | "schedule" | "stream" | "course" | "decision";
        /**
         * AttemptRecord
         * @description One attempt with what the plugin was told, and what it said; None where nothing is kept.
         */
        AttemptRecord: {
            /** Delivery Id */
            delivery_id: string;
            /** Attempt */
            attempt: number;
            /** Round */
            round: number;
            /** Position */
            position: number;
            /**
             * Recorded At
             * Format: date-time
             */
            recorded_at: string;
            /** Outcome */
            outcome: string;
            /** Message */
            message: string;
            /** Retry At */
            retry_at: string | null;
            /** Skill Id */
            skill_id: string | null;
            /** Skill Version */
            skill_version: string | null;
            /** Module Sha256 */
            module_sha256: string | null;
            /** As Of */
            as_of: number | null;
            /** Exit Code */
            exit_code: number | null;
            /** Fuel Units */
            fuel_units: number | null;
            /** Memory Bytes Peak */
            memory_bytes_peak: number | null;
            /** Duration Us */
            duration_us: number | null;
            /** Input Sha256 */
            input_sha256: string | null;
            /** Output Sha256 */
            output_sha256: string | null;
            /** Logs Sha256 */
            logs_sha256: string | null;
            /** Transcript Sha256 */
            transcript_sha256: string | null;
            /** Input */
            input: unknown;
            /** Output */
            output: unknown;
            /** Logs */
            logs: unknown;
        };
        /**
         * AuditPolicy
         * @description What the operator tolerates in a skill; sizes in bytes.
         */
        AuditPolicy: {
            /**
             * Max Module Bytes
             * @default 8388608
             */
            max_module_bytes: number;
            /**
             * Max Exported Functions
             * @default 128
             */
            max_exported_functions: number;
            /**
             * Allow Device Capabilities
             * @default false
             */
            allow_device_capabilities: boolean;
            /**
             * Allow Wildcard Capabilities
             * @default false
             */
            allow_wildcard_capabilities: boolean;
        };
        /**
         * AuditReport
         * @description The audit of one release.
         *
         *     ``checks`` are those of the reference system, with its ids and verdicts. ``host_checks`` ask what
         *     it does not: whether this host could run the skill at all. A failure in either list counts.
         */
        AuditReport: {
            /** Skill Id */
            skill_id: string;
            /** Version */
            version: string;
            /** Publisher */
            publisher: string;
            trust_decision: components["schemas"]["TrustDecision"];
            /** Payload Sha256 */
            payload_sha256: string;
            /**
             * Generated At
             * Format: date-time
             */
            generated_at: string;
            policy: components["schemas"]["AuditPolicy"];
            /**
             * @default {
             *       "max_module_size_bytes": 8388608,
             *       "fuel_budget": 10000000,
             *       "max_memory_bytes": 67108864,
             *       "max_table_elements": 100000
             *     }
             */
            limits: components["schemas"]["RunLimits"];
            /** Manifest Warnings */
            manifest_warnings: components["schemas"]["ManifestWarning"][];
            /** Checks */
            checks: components["schemas"]["Check"][];
            /** Host Checks */
            host_checks: components["schemas"]["Check"][];
        };
        /**
         * AuditReportRecord
         * @description Whether the history is sound, and who did how much ``after`` a position.
         */
        AuditReportRecord: {
            verification: components["schemas"]["VerificationRecord"];
            /** After */
            after: number;
            /** Actors */
            actors: components["schemas"]["ActorActivity"][];
        };
        /**
         * AuditRow
         * @description One event.
         *
         *     ``reason`` is the text that a person gave; it is None where there was none, and where it was
         *     erased, which ``is_reason_erased`` tells.
         */
        AuditRow: {
            /** Position */
            position: number;
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
            /** Topic */
            topic: string;
            /** Actor */
            actor: string;
            /** Reason */
            reason: string | null;
            /** Is Reason Erased */
            is_reason_erased: boolean;
            /** Subject Kind */
            subject_kind: string;
            /** Subject Id */
            subject_id: string;
            /** Summary */
            summary: string;
            /** Correlation Id */
            correlation_id: string;
            /** Causation Id */
            causation_id: string | null;
            /** Stream Id */
            stream_id: string;
            /** Stream Version */
            stream_version: number;
        };
        /**
         * BlobDetail
         * @description Bytes that events name: as what, and where.
         *
         *     ``size`` is None where they are not kept any more; else it counts the bytes on disk, with the salt of a
         *     text that a person wrote.
         */
        BlobDetail: {
            /** Digest */
            digest: string;
            /** Kinds */
            kinds: components["schemas"]["BlobKind"][];
            /** Positions */
            positions: number[];
            /** Size */
            size: number | null;
        };
        /**
         * BlobKind
         * @description What bytes beside the log are.
         * @enum {string}
         */
        BlobKind: "reason" | "form" | "input" | "output" | "logs" | "transcript" | "payload" | "stored" | "message" | "surface" | "config" | "artifact" | "report";
        /**
         * BlobSize
         * @description The bytes beside the log; those that are erasable are needed by nothing that is still to happen.
         */
        BlobSize: {
            /** Blobs */
            blobs: number;
            /** Bytes */
            bytes: number;
            /** Erasable */
            erasable: number;
            /** Erasable Bytes */
            erasable_bytes: number;
        };
        /**
         * BuildPulse
         * @description How far a build of a view has come.
         */
        BuildPulse: {
            /** Name */
            name: string;
            /** Generation */
            generation: number;
            state: components["schemas"]["Status"];
            /** Position */
            position: number;
            /** Is Paused */
            is_paused: boolean;
        };
        /**
         * BulkPlanRecord
         * @description What would be done to deliveries, without the filter that chose them.
         */
        BulkPlanRecord: {
            action: components["schemas"]["Action"];
            /** As Of */
            as_of: number;
            /** Total */
            total: number;
            /** By Hook */
            by_hook: {
                [key: string]: number;
            };
            /** First */
            first: string[];
            /** Left */
            left: number;
            /** Refusals */
            refusals: string[];
        };
        /**
         * BulkReport
         * @description How far a plan has come: ``done`` of ``total``.
         *
         *     At its end, ``left`` counts what was not done because it had changed meanwhile or did not fit.
         */
        BulkReport: {
            action: components["schemas"]["Action"];
            /** As Of */
            as_of: number;
            /** Total */
            total: number;
            /** Done */
            done: number;
            /** Left */
            left: number;
            /** Refusals */
            refusals: string[];
        };
        CapabilityDiff: [
            boolean,
            components["schemas"]["PluginCapabilityProfile"],
            components["schemas"]["palyra_events__capabilities__Difference"][]
        ];
        /**
         * Change
         * @description What made a version of a surface.
         * @enum {string}
         */
        Change: "document" | "patch" | "closed";
        /**
         * Check
         * @description One question and its answer; ``details`` has the values that the message speaks of.
         */
        Check: {
            /** Check Id */
            check_id: string;
            status: components["schemas"]["CheckStatus"];
            severity: components["schemas"]["Severity"];
            /** Message */
            message: string;
            /**
             * Details
             * @default {}
             */
            details: {
                [key: string]: unknown;
            };
        };
        /**
         * CheckStatus
         * @description The verdict of one check.
         * @enum {string}
         */
        CheckStatus: "pass" | "warn" | "fail" | "skipped";
        /**
         * CheckpointRecord
         * @description A signed head of the log; ``note`` is what was signed, with the signatures.
         */
        CheckpointRecord: {
            /** Origin */
            origin: string;
            /** Size */
            size: number;
            /** Root */
            root: string;
            /** Signed At */
            signed_at: string | null;
            /** Verifier Key */
            verifier_key: string;
            /** Note */
            note: string;
        };
        /**
         * Compatibility
         * @description Hosts that the skill runs on.
         */
        Compatibility: {
            /** Required Protocol Major */
            required_protocol_major: number;
            /** Min Palyra Version */
            min_palyra_version: string;
            /** Max Palyra Version */
            max_palyra_version?: string | null;
        };
        /**
         * ConfigField
         * @description One key: what it may be, and what it is; a value that nobody is shown is ``[redacted]``.
         *
         *     ``choices`` are the only values that it may have, where the skill names them.
         */
        ConfigField: {
            /** Name */
            name: string;
            /** Type */
            type: string;
            /** Is Required */
            is_required: boolean;
            /** Is Set */
            is_set: boolean;
            /** Value */
            value: unknown;
            /** Title */
            title: string | null;
            /** Choices */
            choices: string[];
            /** Issue */
            issue: string | null;
        };
        /**
         * ConfigState
         * @description Whether a configuration is fit to run with.
         * @enum {string}
         */
        ConfigState: "valid" | "missing" | "invalid" | "requires_migration";
        /** ConfigsClearParameters */
        ConfigsClearParameters: {
            /** Reason */
            reason?: string | null;
        };
        /** ConfigsSetParameters */
        ConfigsSetParameters: {
            /** Values */
            values?: {
                [key: string]: unknown;
            } | null;
            /** Texts */
            texts?: {
                [key: string]: string;
            } | null;
            /**
             * Unset
             * @default []
             */
            unset: string[];
            /** Reason */
            reason?: string | null;
        };
        /**
         * ConsumerRow
         * @description How far a consumer of the log has come; ``lag`` is how many events it has not dealt with.
         */
        ConsumerRow: {
            /** Name */
            name: string;
            /** Position */
            position: number;
            /** Lag */
            lag: number;
        };
        /**
         * Contract
         * @description A typed contract that the skill's plugin fulfils.
         */
        Contract: {
            kind: components["schemas"]["ContractKind"];
            /**
             * Version
             * @default 1
             */
            version: number;
        };
        /**
         * ContractKind
         * @description Typed contracts between a plugin and its host.
         * @enum {string}
         */
        ContractKind: "memory_provider" | "context_engine" | "routing_strategy" | "run_lifecycle_hook" | "compaction_provider" | "diagnostics_provider" | "policy_signal_provider" | "channel_binding_provider" | "delivery_adapter" | "scheduler_task_provider" | "model_auth_provider" | "connector_adapter";
        /**
         * Damage
         * @description A kind of damage.
         * @enum {string}
         */
        Damage: "changed" | "deleted" | "inserted" | "swapped" | "renumbered" | "truncated" | "rolled_back" | "rewritten" | "foreign_checkpoint" | "false_checkpoint" | "revoked_key" | "undecodable" | "stream_broken" | "blob_changed" | "view_differs" | "unreadable";
        /** DatabaseCheckParameters */
        DatabaseCheckParameters: {
            /**
             * Quick
             * @default false
             */
            quick: boolean;
        };
        /**
         * DaySize
         * @description What was recorded on one day in UTC, such as ``2026-01-31``.
         */
        DaySize: {
            /** Day */
            day: string;
            /** Events */
            events: number;
            /** Bytes */
            bytes: number;
        };
        /**
         * DeadLetter
         * @description A pointer to an event that the live build of a report view could not take in, and why.
         */
        DeadLetter: {
            /** Name */
            name: string;
            /** Position */
            position: number;
            /** Error */
            error: string;
        };
        /**
         * DecisionKind
         * @description What a hook can decide.
         * @enum {string}
         */
        DecisionKind: "continue" | "annotate" | "transform_preview" | "request_approval" | "block" | "fail_run";
        /**
         * DecisionRecord
         * @description What was decided at a phase: ``selected`` is what counts, ``answers`` are those of all hooks.
         */
        DecisionRecord: {
            /** Decision Id */
            decision_id: string;
            /** Position */
            position: number;
            phase: components["schemas"]["RunPhase"];
            kind: components["schemas"]["DecisionKind"];
            /** Terminal */
            terminal: boolean;
            /** Is Repeated */
            is_repeated: boolean;
            /** Selected */
            selected: {
                [key: string]: unknown;
            };
            /** Conflicts */
            conflicts: string[];
            /** Payload */
            payload: {
                [key: string]: unknown;
            } | null;
            /** Answers */
            answers: components["schemas"]["HookAnswer"][];
            /** Duration Us */
            duration_us: number;
        };
        /**
         * DecisionRow
         * @description A decision that was taken.
         *
         *     ``hook_id`` and ``plugin_id`` name whose answer counts. ``asked`` hooks were bound to the phase,
         *     ``failed`` of them gave no answer. ``payload_sha256`` names what was asked.
         */
        DecisionRow: {
            /** Decision Id */
            decision_id: string;
            /** Position */
            position: number;
            /**
             * Taken At
             * Format: date-time
             */
            taken_at: string;
            /** Actor */
            actor: string;
            /** Correlation Id */
            correlation_id: string;
            phase: components["schemas"]["RunPhase"];
            kind: components["schemas"]["DecisionKind"];
            /** Is Terminal */
            is_terminal: boolean;
            /** Hook Id */
            hook_id: string;
            /** Plugin Id */
            plugin_id: string;
            /** Asked */
            asked: number;
            /** Failed */
            failed: number;
            /** Duration Us */
            duration_us: number;
            /** Payload Sha256 */
            payload_sha256: string;
        };
        /** DecisionsTakeParameters */
        DecisionsTakeParameters: {
            /** Phase */
            phase: string | components["schemas"]["RunPhase"];
            /** Payload */
            payload: {
                [key: string]: unknown;
            };
            /** Idempotency Key */
            idempotency_key?: string | null;
            /** Correlation Id */
            correlation_id?: string | null;
            /** Reason */
            reason?: string | null;
        };
        /** DeliveriesCancelParameters */
        DeliveriesCancelParameters: {
            /** Reason */
            reason?: string | null;
        };
        /** DeliveriesCarryOutParameters */
        DeliveriesCarryOutParameters: {
            action: components["schemas"]["Action"];
            /**
             * Ids
             * @default []
             */
            ids: string[];
            matching?: components["schemas"]["DeliveryFilter"] | null;
            /** As Of */
            as_of?: number | null;
            /** Reason */
            reason?: string | null;
        };
        /** DeliveriesDiscardParameters */
        DeliveriesDiscardParameters: {
            /** Reason */
            reason: string;
        };
        /** DeliveriesPlanParameters */
        DeliveriesPlanParameters: {
            action: components["schemas"]["Action"];
            /**
             * Ids
             * @default []
             */
            ids: string[];
            matching?: components["schemas"]["DeliveryFilter"] | null;
            /** As Of */
            as_of?: number | null;
            /** Reason */
            reason?: string | null;
        };
        /** DeliveriesRedeliverParameters */
        DeliveriesRedeliverParameters: {
            /** Reason */
            reason?: string | null;
        };
        /** DeliveriesRetryParameters */
        DeliveriesRetryParameters: {
            /** Reason */
            reason?: string | null;
        };
        /**
         * DeliveryFilter
         * @description What is asked of a delivery; all of it has to hold, and what is None or empty asks nothing.
         *
         *     ``event`` is the kind of the lifecycle event, or its position. ``since`` and ``until`` bound when it
         *     was scheduled, ``changed_since`` and ``changed_until`` when it last changed; both ends are included.
         */
        DeliveryFilter: {
            /**
             * States
             * @default []
             */
            states: components["schemas"]["DeliveryState"][];
            /** Hook Id */
            hook_id?: string | null;
            /** Plugin Id */
            plugin_id?: string | null;
            /** Event */
            event?: components["schemas"]["HookEventKind"] | number | null;
            /** Since */
            since?: string | number | null;
            /** Until */
            until?: string | number | null;
            /** Changed Since */
            changed_since?: string | number | null;
            /** Changed Until */
            changed_until?: string | number | null;
        };
        /**
         * DeliveryRecord
         * @description One delivery: why it stands as it does, its attempts, and what happened to it.
         */
        DeliveryRecord: {
            delivery: components["schemas"]["DeliveryRow"];
            /** Why */
            why: string;
            /** Under Way */
            under_way: number | null;
            /** Is Silent */
            is_silent: boolean;
            /** Ahead */
            ahead: string[];
            /** Attempts */
            attempts: components["schemas"]["AttemptRecord"][];
            /** History */
            history: components["schemas"]["AuditRow"][];
        };
        /**
         * DeliveryRow
         * @description One delivery.
         *
         *     ``attempts`` counts the attempts whose outcome is recorded, in all rounds, and ``attempts_before``
         *     those of the rounds before; ``outcome`` and ``message`` are the last one's. ``attempts_max`` are
         *     allowed in a round. ``cause`` tells why it was skipped, and ``as_of`` the position at which the right
         *     to run was read. ``retry_at`` is when the next attempt is due; where it retries without one, it is
         *     due. ``is_next`` tells that it is the oldest open one of its ordering key.
         */
        DeliveryRow: {
            /** Delivery Id */
            delivery_id: string;
            state: components["schemas"]["DeliveryState"];
            /** Is Open */
            is_open: boolean;
            /** Is Next */
            is_next: boolean;
            /** Event Position */
            event_position: number;
            event_kind: components["schemas"]["HookEventKind"];
            /** Hook Id */
            hook_id: string;
            /** Plugin Id */
            plugin_id: string;
            /** Ordering Key */
            ordering_key: string;
            /** Round */
            round: number;
            /** Attempts */
            attempts: number;
            /** Attempts Before */
            attempts_before: number;
            /** Attempts Max */
            attempts_max: number;
            /** Retry At */
            retry_at: string | null;
            /** Outcome */
            outcome: string | null;
            /** Message */
            message: string | null;
            /** Cause */
            cause: string | null;
            /** As Of */
            as_of: number | null;
            /**
             * Scheduled At
             * Format: date-time
             */
            scheduled_at: string;
            /** Scheduled Position */
            scheduled_position: number;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
            /** Changed Position */
            changed_position: number;
        };
        /**
         * DeliveryState
         * @description Where a delivery stands.
         * @enum {string}
         */
        DeliveryState: "scheduled" | "retrying" | "succeeded" | "dead" | "skipped" | "cancelled";
        /**
         * DeliveryStats
         * @description The figures of one hook, plugin or outcome, which ``key`` names.
         *
         *     By outcome, a delivery belongs to that of its last attempt, and ``key`` is None for those that were
         *     never attempted; an attempt belongs to its own. Durations are those of the attempts, at the 50th and
         *     99th percentile (nearest rank), and None where no attempt is known to have taken any time.
         *     ``success_rate`` is the part that succeeded of those that were carried out to the end, from 0 to 1; None
         *     where there are none.
         */
        DeliveryStats: {
            /** Key */
            key: string | null;
            /** Deliveries */
            deliveries: number;
            /** Waiting */
            waiting: number;
            /** Succeeded */
            succeeded: number;
            /** Dead */
            dead: number;
            /** Skipped */
            skipped: number;
            /** Cancelled */
            cancelled: number;
            /** Attempts */
            attempts: number;
            /** Duration Us P50 */
            duration_us_p50: number | null;
            /** Duration Us P99 */
            duration_us_p99: number | null;
            /** Oldest Waiting At */
            oldest_waiting_at: string | null;
            /** Success Rate */
            success_rate: number | null;
        };
        /**
         * DifferenceKind
         * @description How a value differs between what is declared, granted and allowed.
         * @enum {string}
         */
        DifferenceKind: "excess_grant" | "missing_grant" | "policy_restricted" | "unused_declared_capability" | "wildcard_risk";
        /**
         * DifferenceRecord
         * @description One value that is not the same in what is declared, granted and allowed.
         */
        DifferenceRecord: {
            /** Category */
            category: string;
            /** Capability Kind */
            capability_kind: string;
            /** Value */
            value: string;
            /** Message */
            message: string;
        };
        /**
         * DrainReport
         * @description What a drain did, and what it left: deliveries that wait for their next attempt.
         *
         *     The attempts it made ended ``succeeded``, ``retrying``, ``dead`` or ``skipped``; ``taken_over``
         *     counts the attempts that a dead worker had begun. ``messages`` tells of those that plugins sent.
         */
        DrainReport: {
            /** Scheduled */
            scheduled: number;
            /** Succeeded */
            succeeded: number;
            /** Retrying */
            retrying: number;
            /** Dead */
            dead: number;
            /** Skipped */
            skipped: number;
            /** Taken Over */
            taken_over: number;
            /** Waiting */
            waiting: number;
            /** Next Retry At */
            next_retry_at: string | null;
            messages: components["schemas"]["OutboxReport"];
        };
        /**
         * Dropped
         * @description What is kept no longer: how many blobs, and their bytes.
         */
        Dropped: {
            /**
             * Blobs
             * @default 0
             */
            blobs: number;
            /**
             * Bytes
             * @default 0
             */
            bytes: number;
        };
        /**
         * Entitlement
         * @description The three sets of one plugin under one release, and how they differ.
         *
         *     ``effective`` is what it can use when it runs: nothing where one of its grants is not declared or not
         *     allowed any more, because every run is denied then, and nothing where its grants do not hold, because
         *     they were given to another module.
         */
        Entitlement: {
            declared: components["schemas"]["PluginCapabilityProfile"];
            granted: components["schemas"]["PluginCapabilityProfile"];
            diff: components["schemas"]["CapabilityDiff"];
            /** Holds */
            holds: boolean;
        };
        /**
         * Erasure
         * @description What was erased with a person.
         *
         *     The event at ``position`` says so. ``views`` were built anew. What is ``left`` quotes the person, and is
         *     needed; of the ``open_deliveries`` none was told of it before, or will be.
         */
        Erasure: {
            /** Subject */
            subject: string;
            /** Position */
            position: number;
            /** Blobs */
            blobs: number;
            /** Bytes */
            bytes: number;
            /** Had Name */
            had_name: boolean;
            /** Views */
            views: string[];
            /** Left */
            left: components["schemas"]["Left"][];
            /** Open Deliveries */
            open_deliveries: string[];
        };
        /**
         * ErasurePlanRecord
         * @description What is erased with a person; see `palyra_runtime.erasure.ErasurePlan`.
         */
        ErasurePlanRecord: {
            /** Subject */
            subject: string;
            /** Head */
            head: number;
            /** Acts */
            acts: number;
            /** Blobs */
            blobs: number;
            /** Bytes */
            bytes: number;
            /** Kinds */
            kinds: {
                [key: string]: number;
            };
            /** Left */
            left: components["schemas"]["Left"][];
            /** Open Deliveries */
            open_deliveries: string[];
        };
        /**
         * ErrorAnswer
         * @description The answer to a request that did not do what it asked for.
         */
        ErrorAnswer: {
            error: components["schemas"]["Told"];
        };
        /**
         * EventRecord
         * @description One event at its place in the log; ``leaf`` is its hash in the ledger, in hexadecimal digits.
         */
        EventRecord: {
            /** Position */
            position: number;
            /** Topic */
            topic: string;
            /**
             * Stream Id
             * Format: uuid
             */
            stream_id: string;
            /** Version */
            version: number;
            /** Leaf */
            leaf: string;
            /** Reason */
            reason: string | null;
            /** Event */
            event: {
                [key: string]: unknown;
            };
        };
        /**
         * Examined
         * @description What a check has found; ``advice`` is there where something was.
         */
        Examined: {
            /** Check */
            check: string;
            /** Findings */
            findings: string[];
            /** Advice */
            advice: string | null;
        };
        /**
         * Explanation
         * @description ``why`` something came about, ``what`` it did, and what came of running that again, in sentences.
         */
        Explanation: {
            /** Subject */
            subject: string;
            /** Why */
            why: string[];
            /**
             * What
             * @default []
             */
            what: string[];
            /**
             * Again
             * @default []
             */
            again: string[];
            /**
             * Findings
             * @default []
             */
            findings: components["schemas"]["Finding"][];
        };
        /**
         * FieldDiff
         * @description One value of the manifest, by its path in it; None stands for a value that is not there.
         */
        FieldDiff: {
            /** Path */
            path: string;
            /** Before */
            before: unknown;
            /** After */
            after: unknown;
        };
        /**
         * FileDiff
         * @description One file of the artifacts: sizes in bytes, and SHA-256; None where it is not there.
         */
        FileDiff: {
            /** Path */
            path: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "added" | "removed" | "changed" | "same";
            /** Size Before */
            size_before: number | null;
            /** Size After */
            size_after: number | null;
            /** Sha256 Before */
            sha256_before: string | null;
            /** Sha256 After */
            sha256_after: string | null;
        };
        /**
         * FileSize
         * @description The bytes of a SQLite file and of its write-ahead log; ``free_bytes`` are pages that nothing is in.
         */
        FileSize: {
            /** Bytes */
            bytes: number;
            /** Wal Bytes */
            wal_bytes: number;
            /** Free Bytes */
            free_bytes: number;
        };
        /**
         * FileSummary
         * @description A file of an artifact; ``size`` in bytes.
         */
        FileSummary: {
            /** Path */
            path: string;
            /** Size */
            size: number;
            /** Sha256 */
            sha256: string;
        };
        /**
         * Finding
         * @description What the event at a position says that a replay does not; ``subject`` names what it is about.
         */
        Finding: {
            /** Position */
            position: number;
            /** Subject */
            subject: string;
            /** Differences */
            differences: components["schemas"]["palyra_runtime__replay__finding__Difference"][];
        };
        /**
         * FindingRecord
         * @description Something that is wrong with a log, and where.
         */
        FindingRecord: {
            damage: components["schemas"]["Damage"];
            /** Message */
            message: string;
            /** Position */
            position: number | null;
            /** Last Position */
            last_position: number | null;
        };
        /**
         * GatewayStatus
         * @description What gateways are doing; ``role`` is who schedules at this moment.
         */
        GatewayStatus: {
            /** Head */
            head: number;
            role: components["schemas"]["Holder"] | null;
            /** Runs */
            runs: components["schemas"]["RunRow"][];
            /** Consumers */
            consumers: components["schemas"]["ConsumerRow"][];
            /** Leases */
            leases: components["schemas"]["LeaseRow"][];
            /** Deliveries Open */
            deliveries_open: number;
            /** Next Retry At */
            next_retry_at: string | null;
            /** Messages Waiting */
            messages_waiting: number;
        };
        /**
         * Generation
         * @description One build of a view, and the position of the last event that it has folded.
         *
         *     ``version`` is the version of the view's code. ``tables`` are the names of its tables, so that
         *     a later version, which makes others, can drop them. ``code_hash`` is of the code that made it.
         *     One that ``is_paused`` is not folded for now.
         */
        Generation: {
            /** Projection */
            projection: string;
            /** Number */
            number: number;
            /** Version */
            version: number;
            status: components["schemas"]["Status"];
            /** Position */
            position: number;
            /** Started Position */
            started_position: number;
            /** Tables */
            tables: string[];
            /** Code Hash */
            code_hash: string;
            /** Is Paused */
            is_paused: boolean;
        };
        /**
         * GrantsRecord
         * @description What a plugin may do under one release of its skill.
         */
        GrantsRecord: {
            /** Plugin Id */
            plugin_id: string;
            /** Skill Id */
            skill_id: string;
            /** Version */
            version: string;
            /** Module Path */
            module_path: string;
            /** Has Module */
            has_module: boolean;
            /** Is Same Module */
            is_same_module: boolean;
            declared: components["schemas"]["PluginCapabilityProfile"];
            granted: components["schemas"]["PluginCapabilityProfile"];
            effective: components["schemas"]["PluginCapabilityProfile"];
            /** Secret Hosts */
            secret_hosts: {
                [key: string]: string[];
            };
            /** Differences */
            differences: components["schemas"]["DifferenceRecord"][];
        };
        /** HTTPValidationError */
        HTTPValidationError: {
            /** Detail */
            detail?: components["schemas"]["ValidationError"][];
        };
        /**
         * Health
         * @description The answer of a gateway that is well.
         */
        Health: {
            /**
             * Status
             * @default ok
             * @constant
             */
            status: "ok";
            /**
             * Version
             * @default 0.1.0
             */
            version: string;
        };
        /**
         * Holder
         * @description A process that has the role, or stands by for it.
         *
         *     ``address`` is the machine that it speaks from, None where that is this one. ``gateway_id`` is the
         *     gateway's run, once its start is recorded, and ``port`` the one that it then serves, if any.
         */
        Holder: {
            /**
             * Part
             * @enum {string}
             */
            part: "gateway" | "drain";
            /** Pid */
            pid: number;
            /** Since */
            since?: string | null;
            /** Address */
            address?: string | null;
            /** Gateway Id */
            gateway_id?: string | null;
            /** Port */
            port?: number | null;
        };
        /**
         * HookAnswer
         * @description What one hook said; ``output`` is what its guest wrote, with the decision that was made of it.
         *
         *     ``kind`` is None where it abstained. What only a run could tell is None where there was none.
         */
        HookAnswer: {
            /** Hook Id */
            hook_id: string;
            /** Plugin Id */
            plugin_id: string;
            kind: components["schemas"]["DecisionKind"] | null;
            /** Outcome */
            outcome: string;
            /** Message */
            message: string;
            /** Exit Code */
            exit_code: number | null;
            /** Fuel Units */
            fuel_units: number | null;
            /** Duration Us */
            duration_us: number | null;
            /** Output */
            output: {
                [key: string]: unknown;
            } | null;
            /** Logs */
            logs: {
                [key: string]: string;
            }[];
        };
        /**
         * HookEventKind
         * @description What plugins react to.
         *
         *     The five phases of a run are asked and answered at once (decisions), never queued. Forms are for the
         *     plugin whose surface they are on, and no other hook can be bound to them.
         * @enum {string}
         */
        HookEventKind: "gateway:startup" | "skill:enabled" | "skill:quarantined" | "skill:disabled" | "run:before_run" | "run:before_tool" | "run:after_tool" | "run:before_delivery" | "run:after_run" | "form:submitted";
        /**
         * HookRow
         * @description What a hook was from one of its events to the next; ``valid_to`` is None for what it is now.
         */
        HookRow: {
            /** Hook Id */
            hook_id: string;
            /** Valid From */
            valid_from: number;
            /** Valid To */
            valid_to: number | null;
            event_kind: components["schemas"]["HookEventKind"];
            /** Plugin Id */
            plugin_id: string;
            /** Attempts Max */
            attempts_max: number;
            ordering: components["schemas"]["Ordering"];
            on_failure: components["schemas"]["OnFailure"];
            /** Is Enabled */
            is_enabled: boolean;
            /**
             * Bound At
             * Format: date-time
             */
            bound_at: string;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
        };
        /** HooksBindParameters */
        HooksBindParameters: {
            /** Event */
            event: string | components["schemas"]["HookEventKind"];
            /** Plugin */
            plugin: string;
            /** Attempts Max */
            attempts_max?: number | null;
            /**
             * Ordering
             * @default hook
             */
            ordering: string | components["schemas"]["Ordering"];
            /** On Failure */
            on_failure?: string | components["schemas"]["OnFailure"] | null;
            /** Reason */
            reason?: string | null;
        };
        /** HooksDisableParameters */
        HooksDisableParameters: {
            /** Reason */
            reason?: string | null;
        };
        /** HooksEnableParameters */
        HooksEnableParameters: {
            /** Reason */
            reason?: string | null;
        };
        /** HooksImportIndexParameters */
        HooksImportIndexParameters: {
            /** Document */
            document: string;
            /**
             * Replace
             * @default false
             */
            replace: boolean;
            /** Reason */
            reason?: string | null;
        };
        /** HooksPlanImportParameters */
        HooksPlanImportParameters: {
            /** Document */
            document: string;
            /**
             * Replace
             * @default false
             */
            replace: boolean;
        };
        /** HooksRebindParameters */
        HooksRebindParameters: {
            /** Event */
            event?: string | components["schemas"]["HookEventKind"] | null;
            /** Plugin */
            plugin?: string | null;
            /** Attempts Max */
            attempts_max?: number | null;
            /** Ordering */
            ordering?: string | components["schemas"]["Ordering"] | null;
            /** On Failure */
            on_failure?: string | components["schemas"]["OnFailure"] | null;
            /** Reason */
            reason?: string | null;
        };
        /** HooksUnbindParameters */
        HooksUnbindParameters: {
            /** Reason */
            reason?: string | null;
        };
        /**
         * ImportAction
         * @description What becomes of one entry.
         * @enum {string}
         */
        ImportAction: "bind" | "rebind" | "keep" | "conflict" | "refuse";
        /**
         * ImportItem
         * @description One entry: what it is to be, and how it is bound here, or why it cannot be bound.
         *
         *     ``left_out`` names fields of the file that say something that Palyra does not keep.
         */
        ImportItem: {
            /** Name */
            name: string;
            action: components["schemas"]["ImportAction"];
            /** Wanted */
            wanted: string;
            /** Problem */
            problem?: string | null;
            /**
             * Left Out
             * @default []
             */
            left_out: string[];
        };
        /**
         * ImportPlan
         * @description What becomes of all entries of a file, in the order of their names.
         */
        ImportPlan: {
            /** Items */
            items: components["schemas"]["ImportItem"][];
        };
        /**
         * Inspection
         * @description An artifact that opened: it is whole, and somebody has signed it. Who may, is another question.
         *
         *     ``defaults`` are what a plugin of the skill runs where its operator names nothing else. ``capabilities``
         *     are what plugins of the skill can be granted; ``reference_grants`` and
         *     ``policy_bindings`` are the reference system's reading of the same manifest.
         */
        Inspection: {
            /** Skill Id */
            skill_id: string;
            /** Version */
            version: string;
            /** Name */
            name: string;
            /** Publisher */
            publisher: string;
            /** Key Id */
            key_id: string;
            /** Public Key */
            public_key: string;
            /** Signed At Unix Ms */
            signed_at_unix_ms: number;
            /** Artifact Sha256 */
            artifact_sha256: string;
            /** Payload Sha256 */
            payload_sha256: string;
            /** Tools */
            tools: components["schemas"]["ToolSummary"][];
            defaults: components["schemas"]["PluginDefaults"];
            capabilities: components["schemas"]["PluginCapabilityProfile"];
            reference_grants: components["schemas"]["ReferenceGrants"];
            /** Policy Bindings */
            policy_bindings: components["schemas"]["PolicyBinding"][];
            /** Missing Secrets */
            missing_secrets: string[];
            quotas: components["schemas"]["Quotas"];
            compat: components["schemas"]["Compatibility"];
            /** Modules */
            modules: components["schemas"]["FileSummary"][];
            /** Assets */
            assets: components["schemas"]["FileSummary"][];
            /** Warnings */
            warnings: components["schemas"]["ManifestWarning"][];
            /** Needs Review */
            needs_review: boolean;
        };
        /**
         * IssuedToken
         * @description A token with its ``secret``, which is shown here and nowhere else.
         */
        IssuedToken: {
            /** Secret */
            secret: string;
            token: components["schemas"]["TokenRow"];
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            /** Result */
            result?: unknown | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * JobState
         * @description How a job stands.
         * @enum {string}
         */
        JobState: "waiting" | "running" | "done" | "failed" | "cancelled";
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_Any_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            /** Result */
            result?: unknown;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_AuditReportRecord_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["AuditReportRecord"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_BulkReport_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["BulkReport"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_DrainReport_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["DrainReport"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_Erasure_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["Erasure"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_Listing_DeadLetter__: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["Listing_DeadLetter_"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_Listing_ProjectionStatus__: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["Listing_ProjectionStatus_"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_Listing_Verdict__: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["Listing_Verdict_"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_ReplayRecord_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["ReplayRecord"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_RetentionReport_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["RetentionReport"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_StoreReport_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["StoreReport"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_TrialReport_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["TrialReport"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * Job
         * @description Some work: ``done`` of ``total``, in the unit of its kind; ``revision`` grows with each change.
         */
        Job_VerificationRecord_: {
            /** Job Id */
            job_id: string;
            /** Kind */
            kind: string;
            /** Actor */
            actor: string;
            state: components["schemas"]["JobState"];
            /**
             * Begun At
             * Format: date-time
             */
            begun_at: string;
            /** Ended At */
            ended_at?: string | null;
            /**
             * Done
             * @default 0
             */
            done: number;
            /** Total */
            total?: number | null;
            result?: components["schemas"]["VerificationRecord"] | null;
            error?: components["schemas"]["Told"] | null;
            /**
             * Is Cancelling
             * @default false
             */
            is_cancelling: boolean;
            /**
             * Revision
             * @default 0
             */
            revision: number;
        };
        /**
         * KeepRule
         * @description How much of one kind is kept: the newest ``keep_bytes`` of what is younger than ``keep_days``.
         *
         *     Without either, everything is.
         */
        KeepRule: {
            /** Keep Days */
            keep_days?: number | null;
            /** Keep Bytes */
            keep_bytes?: number | null;
        };
        /**
         * KeyStanding
         * @description How far a key is trusted.
         * @enum {string}
         */
        KeyStanding: "trusted" | "pinned" | "retired" | "revoked";
        /**
         * KindRecord
         * @description The room that bytes of one kind take, and how much of it a policy would give back.
         */
        KindRecord: {
            kind: components["schemas"]["BlobKind"];
            /** Blobs */
            blobs: number;
            /** Bytes */
            bytes: number;
            /** Dropped */
            dropped: number;
            /** Dropped Bytes */
            dropped_bytes: number;
        };
        KindUse: [
            components["schemas"]["BlobKind"],
            number,
            number,
            number,
            number
        ];
        /**
         * LeaseRow
         * @description A delivery, or a tool run, that is being carried out; ``expires_ms`` is until others may take over.
         */
        LeaseRow: {
            /** Key */
            key: string;
            /** Plugin Id */
            plugin_id: string;
            /** Delivery Id */
            delivery_id: string | null;
            /** Attempt */
            attempt: number | null;
            /** Owner */
            owner: string;
            /** Expires Ms */
            expires_ms: number;
        };
        /** LedgerCoveredByParameters */
        LedgerCoveredByParameters: {
            /** Checkpoint */
            checkpoint: string;
        };
        /** LedgerReportParameters */
        LedgerReportParameters: {
            /**
             * After
             * @default 0
             */
            after: number;
        };
        /** LedgerRotateKeyParameters */
        LedgerRotateKeyParameters: {
            /**
             * Revoke
             * @default false
             */
            revoke: boolean;
            /** Reason */
            reason?: string | null;
        };
        /** LedgerVerifyParameters */
        LedgerVerifyParameters: {
            /** Since */
            since?: string | null;
            /**
             * Keys
             * @default []
             */
            keys: string[];
            /**
             * Views
             * @default false
             */
            views: boolean;
        };
        /**
         * Left
         * @description Words of a person that stay, because something needs them: where, and as what.
         *
         *     ``what`` is a kind of bytes that the event at ``position`` names, or ``event`` where it is the event
         *     itself that holds them.
         */
        Left: {
            /** Position */
            position: number;
            /** What */
            what: string;
        };
        /** Listing[ActorActivity] */
        Listing_ActorActivity_: {
            /** Items */
            items: components["schemas"]["ActorActivity"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[ActorName] */
        Listing_ActorName_: {
            /** Items */
            items: components["schemas"]["ActorName"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[AuditRow] */
        Listing_AuditRow_: {
            /** Items */
            items: components["schemas"]["AuditRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[CheckpointRecord] */
        Listing_CheckpointRecord_: {
            /** Items */
            items: components["schemas"]["CheckpointRecord"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[DeadLetter] */
        Listing_DeadLetter_: {
            /** Items */
            items: components["schemas"]["DeadLetter"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[DecisionRow] */
        Listing_DecisionRow_: {
            /** Items */
            items: components["schemas"]["DecisionRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[DeliveryRow] */
        Listing_DeliveryRow_: {
            /** Items */
            items: components["schemas"]["DeliveryRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[DeliveryStats] */
        Listing_DeliveryStats_: {
            /** Items */
            items: components["schemas"]["DeliveryStats"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[EventRecord] */
        Listing_EventRecord_: {
            /** Items */
            items: components["schemas"]["EventRecord"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[Examined] */
        Listing_Examined_: {
            /** Items */
            items: components["schemas"]["Examined"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[Generation] */
        Listing_Generation_: {
            /** Items */
            items: components["schemas"]["Generation"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[HookRow] */
        Listing_HookRow_: {
            /** Items */
            items: components["schemas"]["HookRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[Job[Any]] */
        Listing_Job_Any__: {
            /** Items */
            items: components["schemas"]["Job_Any_"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[KindUse] */
        Listing_KindUse_: {
            /** Items */
            items: components["schemas"]["KindUse"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[MessageRow] */
        Listing_MessageRow_: {
            /** Items */
            items: components["schemas"]["MessageRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[PluginRow] */
        Listing_PluginRow_: {
            /** Items */
            items: components["schemas"]["PluginRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[ProjectionStatus] */
        Listing_ProjectionStatus_: {
            /** Items */
            items: components["schemas"]["ProjectionStatus"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[Recheck] */
        Listing_Recheck_: {
            /** Items */
            items: components["schemas"]["Recheck"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[SkillRow] */
        Listing_SkillRow_: {
            /** Items */
            items: components["schemas"]["SkillRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[StoredValue] */
        Listing_StoredValue_: {
            /** Items */
            items: components["schemas"]["StoredValue"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[SurfaceProblem] */
        Listing_SurfaceProblem_: {
            /** Items */
            items: components["schemas"]["SurfaceProblem"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[SurfaceRow] */
        Listing_SurfaceRow_: {
            /** Items */
            items: components["schemas"]["SurfaceRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[TokenRow] */
        Listing_TokenRow_: {
            /** Items */
            items: components["schemas"]["TokenRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[TranscriptRecord] */
        Listing_TranscriptRecord_: {
            /** Items */
            items: components["schemas"]["TranscriptRecord"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[TrustRow] */
        Listing_TrustRow_: {
            /** Items */
            items: components["schemas"]["TrustRow"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /** Listing[Verdict] */
        Listing_Verdict_: {
            /** Items */
            items: components["schemas"]["Verdict"][];
            /** Next */
            next: {
                [key: string]: number | string;
            } | null;
        };
        /**
         * LogIdentity
         * @description Which log it is, and how many events it has.
         */
        LogIdentity: {
            /**
             * Log Id
             * Format: uuid
             */
            log_id: string;
            /** Head */
            head: number;
        };
        /**
         * Login
         * @description What a browser got by the link: the part of it after the #.
         */
        Login: {
            /** Secret */
            secret: string;
        };
        /**
         * ManifestWarning
         * @description One remark about a manifest; ``code`` is for programs.
         */
        ManifestWarning: {
            /** Code */
            code: string;
            /** Message */
            message: string;
        };
        /**
         * MessageDetail
         * @description One message, with what happened to it. Where it was erased, ``content`` is None.
         */
        MessageDetail: {
            /** Message Id */
            message_id: string;
            state: components["schemas"]["MessageState"];
            /** Position */
            position: number;
            /** Plugin Id */
            plugin_id: string;
            /** Channel */
            channel: string;
            /** Sha256 */
            sha256: string;
            /** Size */
            size: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Attempts */
            attempts: number;
            /** Retry At */
            retry_at: string | null;
            /** Content */
            content: unknown;
            /** Is Erased */
            is_erased: boolean;
            /** History */
            history: components["schemas"]["MessageEvent"][];
        };
        /**
         * MessageEvent
         * @description One event of a message, in words: a try, or what somebody did.
         *
         *     ``error`` is what the sender said of a try that failed; ``reason`` is what a person gave.
         */
        MessageEvent: {
            /** Position */
            position: number;
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
            /** Actor */
            actor: string;
            /** Summary */
            summary: string;
            /** Error */
            error: string | null;
            /** Reason */
            reason: string | null;
        };
        /**
         * MessageRow
         * @description A message that is not sent.
         *
         *     ``position`` and ``place`` say which it is: of which outcome, and its number in it, from 0.
         *     ``sha256`` names the blob with its JSON text. ``outcome`` and ``error`` are the last try's. Where it
         *     retries without a ``retry_at``, it is due.
         */
        MessageRow: {
            /** Message Id */
            message_id: string;
            /** Position */
            position: number;
            /** Place */
            place: number;
            /** Plugin Id */
            plugin_id: string;
            /** Channel */
            channel: string;
            /** Sha256 */
            sha256: string;
            /** Size */
            size: number;
            /** Correlation Id */
            correlation_id: string;
            state: components["schemas"]["MessageState"];
            /** Attempts */
            attempts: number;
            /** Retry At */
            retry_at: string | null;
            /** Outcome */
            outcome: string | null;
            /** Error */
            error: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
        };
        /**
         * MessageState
         * @description Where a message stands.
         * @enum {string}
         */
        MessageState: "waiting" | "retrying" | "sent" | "dead" | "discarded";
        /** MessagesDiscardParameters */
        MessagesDiscardParameters: {
            /** Reason */
            reason: string;
        };
        /** MessagesRetryParameters */
        MessagesRetryParameters: {
            /** Reason */
            reason?: string | null;
        };
        /**
         * ModuleDiff
         * @description A module that is in both releases or in one, and what it imports more or less than before.
         */
        ModuleDiff: {
            file: components["schemas"]["FileDiff"];
            /** Imports More */
            imports_more: string[];
            /** Imports Less */
            imports_less: string[];
        };
        /**
         * ModuleFact
         * @description One WASM module of a release: where it is in the artifact, and what it is.
         */
        ModuleFact: {
            /** Path */
            path: string;
            /** Sha256 */
            sha256: string;
            /** Size */
            size: number;
        };
        /**
         * NotComparable
         * @description Why a run cannot be held against another one.
         * @enum {string}
         */
        NotComparable: "engine_changed" | "artifact_erased" | "artifact_refused" | "input_erased" | "transcript_erased" | "deadline" | "worker_lost" | "stack_overflow" | "engine_refused" | "denied" | "replay_deadline" | "replay_lost" | "bytes_of_then" | "policy_not_recorded" | "told_erased";
        /**
         * NotCompared
         * @description A run, or a step of the engine, that could not be compared, and why.
         */
        NotCompared: {
            /** Position */
            position: number;
            /** Subject */
            subject: string;
            cause: components["schemas"]["NotComparable"];
        };
        /**
         * OnFailure
         * @description What becomes of a phase of a run where its hook gives no answer.
         *
         *     ``block`` stops the run where the phase can, and is a remark where it cannot; with ``continue`` the
         *     hook abstains.
         * @enum {string}
         */
        OnFailure: "block" | "continue";
        /**
         * Ordering
         * @description Among which deliveries those of a hook are carried out one after the other, in the order of events.
         * @enum {string}
         */
        Ordering: "hook" | "skill" | "none";
        /**
         * OutboxReport
         * @description What became of the messages that were due; ``waiting`` are those for which a try is to come.
         *
         *     A message to a channel without a sender waits as well, without a try.
         */
        OutboxReport: {
            /** Sent */
            sent: number;
            /** Retrying */
            retrying: number;
            /** Dead */
            dead: number;
            /** Waiting */
            waiting: number;
        };
        /**
         * PluginCapabilityProfile
         * @description Values of each class of capability: declared, granted or allowed, by whoever gives it.
         *
         *     Each list is made canonical, because the number of a guest's handle is a place in it.
         */
        PluginCapabilityProfile: {
            /**
             * Http Hosts
             * @default []
             */
            http_hosts: string[];
            /**
             * Secrets
             * @default []
             */
            secrets: string[];
            /**
             * Storage Prefixes
             * @default []
             */
            storage_prefixes: string[];
            /**
             * Channels
             * @default []
             */
            channels: string[];
        };
        /**
         * PluginChange
         * @description What becomes of one plugin.
         *
         *     ``refused`` is why it will not run, None where it will. ``is_rebound`` tells that it gets the new
         *     module, with the grants that it has and the skill still declares.
         */
        PluginChange: {
            /** Plugin Id */
            plugin_id: string;
            /** Module Path */
            module_path: string;
            entitlement: components["schemas"]["Entitlement"];
            refused: components["schemas"]["Refusal"] | null;
            /** Loses Module */
            loses_module: boolean;
            /** Is Rebound */
            is_rebound: boolean;
            /** Gains */
            gains: string[];
        };
        /**
         * PluginConfigDetail
         * @description The configuration of a plugin, as it stands against a release of its skill.
         */
        PluginConfigDetail: {
            /** Plugin Id */
            plugin_id: string;
            /** Skill Id */
            skill_id: string;
            /** Skill Version */
            skill_version: string;
            /** State */
            state: components["schemas"]["ConfigState"] | string;
            /** Fields */
            fields: components["schemas"]["ConfigField"][];
            /** Issues */
            issues: string[];
        };
        /**
         * PluginDefaults
         * @description What a binding of this skill uses where the operator names nothing else.
         */
        PluginDefaults: {
            /** Default Tool Id */
            default_tool_id?: string | null;
            /** Default Module Path */
            default_module_path?: string | null;
            /** Default Entrypoint */
            default_entrypoint?: string | null;
            /**
             * Contracts
             * @default []
             */
            contracts: components["schemas"]["Contract"][];
        };
        /**
         * PluginRow
         * @description A plugin as it is bound; ``changed_position`` is the event that made it so.
         */
        PluginRow: {
            /** Plugin Id */
            plugin_id: string;
            /** Skill Id */
            skill_id: string;
            /** Module Path */
            module_path: string;
            /** Module Sha256 */
            module_sha256: string;
            /** Entrypoint */
            entrypoint: string | null;
            grants: components["schemas"]["PluginCapabilityProfile"];
            /** Is Enabled */
            is_enabled: boolean;
            /**
             * Bound At
             * Format: date-time
             */
            bound_at: string;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
            /** Changed Position */
            changed_position: number;
        };
        /** PluginsBindParameters */
        PluginsBindParameters: {
            /** Skill */
            skill: string;
            /** Module */
            module?: string | null;
            /** Entrypoint */
            entrypoint?: string | null;
            /**
             * Http Hosts
             * @default []
             */
            http_hosts: string[];
            /**
             * Secrets
             * @default []
             */
            secrets: string[];
            /**
             * Storage Prefixes
             * @default []
             */
            storage_prefixes: string[];
            /**
             * Channels
             * @default []
             */
            channels: string[];
            /** Secret Hosts */
            secret_hosts?: {
                [key: string]: string[];
            } | null;
            /** Reason */
            reason?: string | null;
        };
        /** PluginsDisableParameters */
        PluginsDisableParameters: {
            /** Reason */
            reason?: string | null;
        };
        /** PluginsEnableParameters */
        PluginsEnableParameters: {
            /** Reason */
            reason?: string | null;
        };
        /** PluginsImportIndexParameters */
        PluginsImportIndexParameters: {
            /** Document */
            document: string;
            /**
             * Replace
             * @default false
             */
            replace: boolean;
            /** Reason */
            reason?: string | null;
        };
        /** PluginsPlanImportParameters */
        PluginsPlanImportParameters: {
            /** Document */
            document: string;
            /**
             * Replace
             * @default false
             */
            replace: boolean;
        };
        /** PluginsPlanRebindParameters */
        PluginsPlanRebindParameters: {
            /** Module */
            module?: string | null;
            /** Version */
            version?: string | null;
        };
        /** PluginsRebindParameters */
        PluginsRebindParameters: {
            /** Module */
            module?: string | null;
            /** Version */
            version?: string | null;
            /** Reason */
            reason?: string | null;
            /**
             * Agreed
             * @default false
             */
            agreed: boolean;
        };
        /** PluginsRunParameters */
        PluginsRunParameters: {
            /** Tool */
            tool?: string | null;
            /** Input */
            input: unknown;
            /**
             * Approve
             * @default false
             */
            approve: boolean;
            /** Reason */
            reason?: string | null;
        };
        /** PluginsSetGrantsParameters */
        PluginsSetGrantsParameters: {
            /**
             * Http Hosts
             * @default []
             */
            http_hosts: string[];
            /**
             * Secrets
             * @default []
             */
            secrets: string[];
            /**
             * Storage Prefixes
             * @default []
             */
            storage_prefixes: string[];
            /**
             * Channels
             * @default []
             */
            channels: string[];
            /** Secret Hosts */
            secret_hosts?: {
                [key: string]: string[];
            } | null;
            /** Reason */
            reason?: string | null;
        };
        /** PluginsUnbindParameters */
        PluginsUnbindParameters: {
            /** Reason */
            reason?: string | null;
        };
        /**
         * PolicyBinding
         * @description An action on a resource that a policy must allow, and whether a person must approve it.
         */
        PolicyBinding: {
            /** Action */
            action: string;
            /** Resource */
            resource: string;
            /** Requires Approval */
            requires_approval: boolean;
        };
        /**
         * Problem
         * @description One thing that was wrong: a code for programs, a JSON pointer to the place, a sentence for people.
         */
        Problem: {
            /** Code */
            code: string;
            /** Path */
            path: string;
            /** Message */
            message: string;
        };
        /**
         * ProjectionStatus
         * @description One generation of a view: ``lag`` is how many events of the log it has not folded.
         *
         *     ``lag_s`` are the seconds between the newest event that it has folded and the newest one. ``tables``
         *     are the numbers of rows by the names of tables. One that ``is_changed`` was made by other code than
         *     this program has; the next rebuild mends that. ``is_known`` tells that this program has such a view.
         */
        ProjectionStatus: {
            /** Name */
            name: string;
            /** Generation */
            generation: number;
            state: components["schemas"]["Status"];
            /** Position */
            position: number;
            /** Head */
            head: number;
            /** Lag */
            lag: number;
            /** Lag S */
            lag_s: number;
            /** Rows */
            rows: number;
            /** Dead Letters */
            dead_letters: number;
            /** Version */
            version: number;
            /** Tables */
            tables: {
                [key: string]: number;
            };
            /** Is Known */
            is_known: boolean;
            /** Is Decision */
            is_decision: boolean;
            /** Is Changed */
            is_changed: boolean;
            /** Is Paused */
            is_paused: boolean;
        };
        /** ProjectionsDiscardParameters */
        ProjectionsDiscardParameters: {
            /** Positions */
            positions?: number[] | null;
            /**
             * All Of Them
             * @default false
             */
            all_of_them: boolean;
        };
        /** ProjectionsDropParameters */
        ProjectionsDropParameters: {
            /**
             * Live
             * @default false
             */
            live: boolean;
        };
        /** ProjectionsPauseParameters */
        ProjectionsPauseParameters: {
            /** Names */
            names: string[];
        };
        /** ProjectionsPlanParameters */
        ProjectionsPlanParameters: {
            /** Names */
            names?: string[] | null;
            /**
             * Changed
             * @default false
             */
            changed: boolean;
            /**
             * Start
             * @description A position, a time such as 2026-03-01T12:00Z, or an age: 90m.
             * @default 0
             */
            start: string;
        };
        /** ProjectionsQueryParameters */
        ProjectionsQueryParameters: {
            /** Question */
            question: string;
            /**
             * Limit
             * @default 1000
             */
            limit: number;
        };
        /** ProjectionsRebuildParameters */
        ProjectionsRebuildParameters: {
            /** Names */
            names?: string[] | null;
            /**
             * Changed
             * @default false
             */
            changed: boolean;
            /**
             * Start
             * @description A position, a time such as 2026-03-01T12:00Z, or an age: 90m.
             * @default 0
             */
            start: string;
            /**
             * Jobs
             * @default 1
             */
            jobs: number;
        };
        /** ProjectionsResumeParameters */
        ProjectionsResumeParameters: {
            /** Names */
            names: string[];
        };
        /** ProjectionsVerifyParameters */
        ProjectionsVerifyParameters: {
            /** Names */
            names?: string[] | null;
        };
        /**
         * ProofBundle
         * @description An event with its proof. ``verifier_key`` is a hint: who checks the bundle must know the key.
         */
        ProofBundle: {
            /**
             * Format
             * @default palyra-proof/v1
             * @constant
             */
            format: "palyra-proof/v1";
            event: components["schemas"]["ProvedEvent"];
            /** Inclusion Proof */
            inclusion_proof: string[];
            /** Checkpoint */
            checkpoint: string;
            /** Verifier Key */
            verifier_key: string;
        };
        /**
         * ProvedEvent
         * @description A row of the log; its stream id is 32 hexadecimal digits, its bytes are in base64.
         */
        ProvedEvent: {
            /** Position */
            position: number;
            /** Stream Id */
            stream_id: string;
            /** Version */
            version: number;
            /** Topic */
            topic: string;
            /** State */
            state: string;
        };
        /**
         * Pulse
         * @description How far the log has come, and the builds of its views.
         */
        Pulse: {
            /** Head */
            head: number;
            /** Builds */
            builds: components["schemas"]["BuildPulse"][];
        };
        /**
         * Quotas
         * @description What one run of a module may use.
         */
        Quotas: {
            /**
             * Wall Clock Timeout Ms
             * @default 30000
             */
            wall_clock_timeout_ms: number;
            /**
             * Fuel Budget
             * @default 10000000
             */
            fuel_budget: number;
            /**
             * Max Memory Bytes
             * @default 67108864
             */
            max_memory_bytes: number;
        };
        /**
         * RebuildPlan
         * @description What a rebuild would do: fold so many events into each of these views, those after ``start``.
         */
        RebuildPlan: {
            /** Views */
            views: string[];
            /** Events */
            events: number;
            /**
             * Start
             * @default 0
             */
            start: number;
        };
        /**
         * Recheck
         * @description The fresh audit of one release; ``reasons`` are why it is in quarantine, or what went wrong.
         */
        Recheck: {
            /** Skill Id */
            skill_id: string;
            /** Version */
            version: string;
            result: components["schemas"]["RecheckResult"];
            /**
             * Reasons
             * @default []
             */
            reasons: string[];
        };
        /**
         * RecheckResult
         * @description What became of a release that was audited again.
         * @enum {string}
         */
        RecheckResult: "passed" | "quarantined" | "changed" | "failed";
        /**
         * ReferenceGrants
         * @description What the reference system would grant to a run of the skill.
         */
        ReferenceGrants: {
            /** Http Hosts */
            http_hosts: string[];
            /** Secret Keys */
            secret_keys: string[];
            /** Storage Prefixes */
            storage_prefixes: string[];
            /** Channels */
            channels: string[];
        };
        /**
         * Refusal
         * @description Why a plugin may not run.
         * @enum {string}
         */
        Refusal: "plugin_unbound" | "plugin_disabled" | "skill_not_enabled" | "skill_quarantined" | "module_missing" | "module_changed";
        /**
         * ReleaseChangeRecord
         * @description What changes when a release is to run; ``findings`` are what somebody has to agree to.
         */
        ReleaseChangeRecord: {
            /** Skill Id */
            skill_id: string;
            /** Version */
            version: string;
            /** Previous */
            previous: string | null;
            /** Declares More */
            declares_more: string[];
            /** Declares Less */
            declares_less: string[];
            /** Plugins */
            plugins: components["schemas"]["PluginChange"][];
            /** Findings */
            findings: string[];
        };
        /**
         * ReleaseDiff
         * @description The comparison; files that are the same are not in it, modules are.
         */
        ReleaseDiff: {
            /** Skill Id */
            skill_id: string;
            /** Version Before */
            version_before: string;
            /** Version After */
            version_after: string;
            /** Manifest */
            manifest: components["schemas"]["FieldDiff"][];
            /** Declares More */
            declares_more: string[];
            /** Declares Less */
            declares_less: string[];
            /** Modules */
            modules: components["schemas"]["ModuleDiff"][];
            /** Files */
            files: components["schemas"]["FileDiff"][];
        };
        /**
         * ReleaseState
         * @description Where a release stands.
         * @enum {string}
         */
        ReleaseState: "installed" | "enabled" | "quarantined" | "disabled" | "removed";
        /**
         * ReplayRecord
         * @description What a replay has come to; see `palyra_runtime.replay.ReplayReport`.
         */
        ReplayRecord: {
            /** Is Faithful */
            is_faithful: boolean;
            /** First */
            first: number;
            /** Last */
            last: number;
            /** Replayed */
            replayed: {
                [key: string]: number;
            };
            /** Not Compared */
            not_compared: {
                [key: string]: number;
            };
            /** Deliveries */
            deliveries: number;
            /** Pending */
            pending: number;
            /** Decisions */
            decisions: number;
            /** Follow Ups */
            follow_ups: number;
            /** Runs Per S */
            runs_per_s: number;
            /** Duration Us */
            duration_us: number;
            /** Findings Count */
            findings_count: number;
            /** Findings */
            findings: components["schemas"]["Finding"][];
            /** Not Compared Runs */
            not_compared_runs: components["schemas"]["NotCompared"][];
        };
        /** ReplayRunParameters */
        ReplayRunParameters: {
            /** First */
            first?: string | null;
            /** Last */
            last?: string | null;
            /** Hook */
            hook?: string | null;
            /** Plugin */
            plugin?: string | null;
            /** Sample */
            sample?: number | null;
        };
        /** ReplayTryVersionParameters */
        ReplayTryVersionParameters: {
            /** Version */
            version: string;
            /** Plugin */
            plugin?: string | null;
            /** Hook */
            hook?: string | null;
            /** Since */
            since?: string | null;
            /**
             * Limit
             * @default 1000
             */
            limit: number;
        };
        /** RetentionPlanParameters */
        RetentionPlanParameters: {
            /** Rules */
            rules?: {
                [key: string]: components["schemas"]["KeepRule"];
            } | null;
        };
        /**
         * RetentionPlanRecord
         * @description What a policy drops; with ``head``, ``made_at`` and ``rules`` it can be made again.
         */
        RetentionPlanRecord: {
            /** Head */
            head: number;
            /**
             * Made At
             * Format: date-time
             */
            made_at: string;
            /** Rules */
            rules: {
                [key: string]: components["schemas"]["KeepRule"];
            };
            /** Blobs */
            blobs: number;
            /** Bytes */
            bytes: number;
            /** Kinds */
            kinds: components["schemas"]["KindRecord"][];
        };
        /**
         * RetentionReport
         * @description What a policy has dropped; ``spared`` were named again after the plan was made, or gone already.
         */
        RetentionReport: {
            dropped: components["schemas"]["Dropped"];
            /** Spared */
            spared: number;
        };
        /** RetentionRunParameters */
        RetentionRunParameters: {
            /** Rules */
            rules?: {
                [key: string]: components["schemas"]["KeepRule"];
            } | null;
            /** Head */
            head?: number | null;
            /** Made At */
            made_at?: string | null;
            /**
             * Shrink
             * @default false
             */
            shrink: boolean;
        };
        /**
         * Revocation
         * @description What a revocation changed: the keys, and the releases that went into quarantine with them.
         */
        Revocation: {
            /** Keys */
            keys: components["schemas"]["TrustRow"][];
            /** Quarantined */
            quarantined: components["schemas"]["SkillRow"][];
        };
        /**
         * Role
         * @description What somebody may do; each role may do what the ones before it may.
         * @enum {string}
         */
        Role: "viewer" | "operator" | "admin";
        /**
         * RunKind
         * @description On what occasion a plugin ran.
         * @enum {string}
         */
        RunKind: "attempt" | "tool_run" | "answer";
        /**
         * RunLimits
         * @description What a run on this host may use at the most: the operator's policy for all plugins.
         */
        RunLimits: {
            /**
             * Max Module Size Bytes
             * @default 8388608
             */
            max_module_size_bytes: number;
            /**
             * Fuel Budget
             * @default 10000000
             */
            fuel_budget: number;
            /**
             * Max Memory Bytes
             * @default 67108864
             */
            max_memory_bytes: number;
            /**
             * Max Table Elements
             * @default 100000
             */
            max_table_elements: number;
        };
        /**
         * RunPhase
         * @description A point in a run at which an agent asks before it goes on.
         * @enum {string}
         */
        RunPhase: "before_run" | "before_tool" | "after_tool" | "before_delivery" | "after_run";
        /**
         * RunRow
         * @description One run of a gateway; ``pid``, ``address`` and ``port`` are known while it is up.
         *
         *     ``address`` is the machine that it is on, None where that is the database's, and ``port`` the one that it
         *     serves, None where it serves nothing.
         */
        RunRow: {
            /** Gateway Id */
            gateway_id: string;
            /**
             * State
             * @enum {string}
             */
            state: "up" | "stopped" | "ended without stopping";
            /** Version */
            version: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Started Position */
            started_position: number;
            /** Stopped At */
            stopped_at: string | null;
            /** Cause */
            cause: ("drained" | "signal" | "request" | "failure") | null;
            /** Pid */
            pid: number | null;
            /** Address */
            address: string | null;
            /** Port */
            port?: number | null;
        };
        /**
         * SessionRecord
         * @description Who is logged in, and what a page shows with each write.
         */
        SessionRecord: {
            /** Actor */
            actor: string;
            role: components["schemas"]["Role"];
            kind: components["schemas"]["TokenKind"];
            /** Csrf Token */
            csrf_token: string | null;
            /** Expires At */
            expires_at: string | null;
        };
        /**
         * Severity
         * @description How much a check's verdict matters.
         * @enum {string}
         */
        Severity: "info" | "warning" | "error";
        /**
         * SignedRows
         * @description Rows of the log as they were signed; with the last of them the checkpoint that is over them all.
         */
        SignedRows: {
            /** Rows */
            rows: {
                [key: string]: unknown;
            }[];
            /** Checkpoint */
            checkpoint: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * SkillRow
         * @description One release of a skill, or one that was removed.
         *
         *     ``audit_passed`` is None before the first audit; ``audit_failures`` are those of the newest.
         *     ``quarantine_reasons`` and ``evidence``, positions in the log, are empty unless it is in quarantine.
         *     ``is_override`` tells that it was enabled against its audit.
         */
        SkillRow: {
            /** Skill Id */
            skill_id: string;
            /** Version */
            version: string;
            state: components["schemas"]["ReleaseState"];
            /** Name */
            name: string;
            /** Publisher */
            publisher: string;
            /** Trust Decision */
            trust_decision: string;
            /** Key Id */
            key_id: string;
            /** Artifact Sha256 */
            artifact_sha256: string;
            /** Payload Sha256 */
            payload_sha256: string;
            /** Modules */
            modules: components["schemas"]["ModuleFact"][];
            /** Audit Passed */
            audit_passed: boolean | null;
            /** Audit Failures */
            audit_failures: string[];
            /** Quarantine Reasons */
            quarantine_reasons: string[];
            /** Evidence */
            evidence: number[];
            /** Is Override */
            is_override: boolean;
            /**
             * Installed At
             * Format: date-time
             */
            installed_at: string;
            /** Installed Position */
            installed_position: number;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
            /** Changed Position */
            changed_position: number;
        };
        /** SkillsDisableParameters */
        SkillsDisableParameters: {
            /** Version */
            version?: string | null;
            /** Reason */
            reason?: string | null;
        };
        /** SkillsEnableParameters */
        SkillsEnableParameters: {
            /** Version */
            version?: string | null;
            /** Reason */
            reason?: string | null;
            /**
             * Override
             * @default false
             */
            override: boolean;
            /**
             * Rebind
             * @default false
             */
            rebind: boolean;
            /**
             * Agreed
             * @default false
             */
            agreed: boolean;
        };
        /** SkillsPlanEnableParameters */
        SkillsPlanEnableParameters: {
            /** Version */
            version?: string | null;
            /** Reason */
            reason?: string | null;
            /**
             * Override
             * @default false
             */
            override: boolean;
            /**
             * Rebind
             * @default false
             */
            rebind: boolean;
        };
        /** SkillsPlanRollbackParameters */
        SkillsPlanRollbackParameters: {
            /** Reason */
            reason: string | null;
            /** Version */
            version?: string | null;
            /**
             * Rebind
             * @default false
             */
            rebind: boolean;
        };
        /** SkillsQuarantineParameters */
        SkillsQuarantineParameters: {
            /** Version */
            version?: string | null;
            /** Reason */
            reason?: string | null;
        };
        /** SkillsReauditParameters */
        SkillsReauditParameters: {
            /** Reason */
            reason?: string | null;
        };
        /** SkillsRemoveParameters */
        SkillsRemoveParameters: {
            /** Version */
            version: string;
            /**
             * Erase
             * @default false
             */
            erase: boolean;
            /** Reason */
            reason?: string | null;
        };
        /** SkillsRollbackParameters */
        SkillsRollbackParameters: {
            /** Reason */
            reason: string | null;
            /** Version */
            version?: string | null;
            /**
             * Rebind
             * @default false
             */
            rebind: boolean;
            /**
             * Agreed
             * @default false
             */
            agreed: boolean;
        };
        /**
         * StatsKey
         * @description What figures are grouped by.
         * @enum {string}
         */
        StatsKey: "hook" | "plugin" | "outcome";
        /**
         * Status
         * @description What a generation is for.
         * @enum {string}
         */
        Status: "building" | "live" | "retired" | "left";
        /**
         * StorageUse
         * @description How much a plugin keeps.
         */
        StorageUse: {
            /** Keys */
            keys: number;
            /** Size */
            size: number;
        };
        /**
         * StoreFinding
         * @description What is wrong, and in which part of the check it showed.
         */
        StoreFinding: {
            /** Check */
            check: string;
            /** Message */
            message: string;
        };
        /**
         * StoreReport
         * @description Which checks were made, and what they found; ``head`` is None where it cannot be read.
         */
        StoreReport: {
            /** Checks */
            checks: string[];
            /** Findings */
            findings: components["schemas"]["StoreFinding"][];
            /** Head */
            head: number | null;
        };
        /**
         * StoreStats
         * @description The sizes of a log; ``tables`` is empty where the database does not tell, ``file`` is SQLite's.
         */
        StoreStats: {
            /**
             * Dialect
             * @enum {string}
             */
            dialect: "sqlite" | "postgresql";
            /** Head */
            head: number;
            /** Tables */
            tables: components["schemas"]["TableSize"][];
            /** Topics */
            topics: components["schemas"]["TopicSize"][];
            /** Days */
            days: components["schemas"]["DaySize"][];
            blobs: components["schemas"]["BlobSize"];
            file: components["schemas"]["FileSize"] | null;
        };
        /**
         * StoredValue
         * @description A value that a plugin keeps, under the path that its prefix and key make.
         *
         *     ``sha256`` names the blob with its JSON text; ``changed_position`` is the outcome that wrote it.
         */
        StoredValue: {
            /** Plugin Id */
            plugin_id: string;
            /** Path */
            path: string;
            /** Sha256 */
            sha256: string;
            /** Size */
            size: number;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
            /** Changed Position */
            changed_position: number;
        };
        /**
         * StoredValueDetail
         * @description A value that a plugin keeps; ``value`` is None where its bytes were erased, as ``is_erased`` says.
         */
        StoredValueDetail: {
            row: components["schemas"]["StoredValue"];
            /** Value */
            value: unknown;
            /** Is Erased */
            is_erased: boolean;
        };
        /** SubjectsEraseParameters */
        SubjectsEraseParameters: {
            /** Subject */
            subject: string;
            /** Reason */
            reason?: string | null;
        };
        /** SubjectsNameParameters */
        SubjectsNameParameters: {
            /** Name */
            name: string;
        };
        /** SubjectsPlanErasureParameters */
        SubjectsPlanErasureParameters: {
            /** Subject */
            subject: string;
        };
        /**
         * Submitted
         * @description A form that was sent off, recorded at ``position``; ``delivery_id`` brings it to its plugin.
         *
         *     ``is_repeat`` says that it was recorded before, under the same key.
         */
        Submitted: {
            /** Submission Id */
            submission_id: string;
            /** Position */
            position: number;
            /** Surface */
            surface: string;
            /** Version */
            version: number;
            /** Component Id */
            component_id: string;
            /** Plugin Id */
            plugin_id: string;
            /** Actor */
            actor: string;
            /**
             * Submitted At
             * Format: date-time
             */
            submitted_at: string;
            /** Delivery Id */
            delivery_id: string;
            /** Is Repeat */
            is_repeat: boolean;
        };
        /**
         * SurfaceDetail
         * @description A surface as it is or was, and what its plugins wrote last that could not be shown there.
         */
        SurfaceDetail: {
            row: components["schemas"]["SurfaceRow"];
            /** Document */
            document: {
                [key: string]: unknown;
            };
            /** Problems */
            problems: components["schemas"]["Problem"][];
            /** Refused */
            refused: components["schemas"]["SurfaceProblem"][];
        };
        /**
         * SurfaceForm
         * @description What a run says of a surface: all that it shows from now on, or what changes on it.
         * @enum {string}
         */
        SurfaceForm: "document" | "patch";
        /**
         * SurfaceProblem
         * @description An output of a plugin that could not be shown, in the outcome at ``position``.
         *
         *     ``surface`` is None where the plugin named none that can be; ``path`` leads into what it wrote.
         */
        SurfaceProblem: {
            /** Position */
            position: number;
            /** Surface */
            surface: string | null;
            /** Plugin Id */
            plugin_id: string;
            form: components["schemas"]["SurfaceForm"];
            /** Code */
            code: string;
            /** Path */
            path: string;
            /** Message */
            message: string;
            /**
             * Occurred At
             * Format: date-time
             */
            occurred_at: string;
        };
        /**
         * SurfaceRow
         * @description A surface at one of its versions, which the event at ``position`` made.
         *
         *     ``components`` counts what is on the page, ``repairs`` what was mended or cut on the way to it.
         */
        SurfaceRow: {
            /** Surface */
            surface: string;
            /** Version */
            version: number;
            /** Plugin Id */
            plugin_id: string;
            change: components["schemas"]["Change"];
            /** Is Open */
            is_open: boolean;
            /** Components */
            components: number;
            /** Repairs */
            repairs: number;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
            /** Position */
            position: number;
        };
        /** SurfacesActParameters */
        SurfacesActParameters: {
            /** Version */
            version: string;
            /** Action */
            action: {
                [key: string]: unknown;
            };
        };
        /** SurfacesCloseParameters */
        SurfacesCloseParameters: {
            /** Reason */
            reason: string;
        };
        /** SurfacesSubmitParameters */
        SurfacesSubmitParameters: {
            /** Component */
            component: string;
            /** Values */
            values: {
                [key: string]: unknown;
            };
            /** Idempotency Key */
            idempotency_key?: string | null;
            /** Version */
            version?: number | null;
            /** Reason */
            reason?: string | null;
        };
        /**
         * TableSize
         * @description The bytes of a table on disk, its indexes among them; ``is_log`` where nothing else has its content.
         */
        TableSize: {
            /** Name */
            name: string;
            /** Bytes */
            bytes: number;
            /** Is Log */
            is_log: boolean;
        };
        /**
         * TokenKind
         * @description What a token is for.
         *
         *     A ``bearer`` token is shown with each request of a program. A ``login`` is shown once, by a browser,
         *     which gets a ``session`` for it.
         * @enum {string}
         */
        TokenKind: "bearer" | "login" | "session";
        /**
         * TokenRow
         * @description A token; ``spent_at`` is when it was revoked, or used up. ``sha256`` is all that is kept of it.
         */
        TokenRow: {
            /** Token Id */
            token_id: string;
            kind: components["schemas"]["TokenKind"];
            role: components["schemas"]["Role"];
            /** Holder */
            holder: string;
            /** Sha256 */
            sha256: string;
            /** Issued By */
            issued_by: string;
            /**
             * Issued At
             * Format: date-time
             */
            issued_at: string;
            /** Expires At */
            expires_at: string | null;
            /** Spent At */
            spent_at: string | null;
        };
        /** TokensCreateParameters */
        TokensCreateParameters: {
            role: components["schemas"]["Role"];
            /** Holder */
            holder?: string | null;
            /** Days */
            days?: number | null;
            /** Reason */
            reason?: string | null;
        };
        /** TokensRevokeParameters */
        TokensRevokeParameters: {
            /** Reason */
            reason?: string | null;
        };
        /**
         * Told
         * @description What went wrong, in the words of the command line's JSON errors.
         */
        Told: {
            /** Code */
            code: string;
            /** Message */
            message: string;
            /** Advice */
            advice: string;
            /** Details */
            details: {
                [key: string]: unknown;
            };
        };
        /**
         * ToolResult
         * @description How a tool run went: recorded at ``position``.
         *
         *     ``output`` is the whole document that the guest wrote, None where it wrote none or a broken one;
         *     ``result`` is the answer in it. Only where ``outcome`` is ``ok`` does it follow the tool's schema,
         *     and have the run's effects happened. ``calls`` are the host calls in their order, each with its answer.
         */
        ToolResult: {
            /** Invocation Id */
            invocation_id: string;
            /** Position */
            position: number;
            /** Plugin Id */
            plugin_id: string;
            /** Tool Id */
            tool_id: string;
            /** Outcome */
            outcome: string;
            /** Message */
            message: string;
            /** Exit Code */
            exit_code: number | null;
            /** Output */
            output: {
                [key: string]: unknown;
            } | null;
            /** Logs */
            logs: {
                [key: string]: string;
            }[];
            /** Calls */
            calls: {
                [key: string]: unknown;
            }[];
            /** Fuel Units */
            fuel_units: number;
            /** Memory Bytes Peak */
            memory_bytes_peak: number;
            /** Duration Us */
            duration_us: number;
        };
        /**
         * ToolSummary
         * @description A tool of a skill, what it takes, and whether a person must approve each run of it.
         */
        ToolSummary: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Needs Approval */
            needs_approval: boolean;
            /** Input Schema */
            input_schema: unknown;
        };
        /**
         * TopicSize
         * @description The events of one type, and the bytes that they say it with.
         */
        TopicSize: {
            /** Topic */
            topic: string;
            /** Events */
            events: number;
            /** Bytes */
            bytes: number;
        };
        /**
         * TranscriptRecord
         * @description One attempt with the transcript of its host calls, too.
         */
        TranscriptRecord: {
            /** Delivery Id */
            delivery_id: string;
            /** Attempt */
            attempt: number;
            /** Round */
            round: number;
            /** Position */
            position: number;
            /**
             * Recorded At
             * Format: date-time
             */
            recorded_at: string;
            /** Outcome */
            outcome: string;
            /** Message */
            message: string;
            /** Retry At */
            retry_at: string | null;
            /** Skill Id */
            skill_id: string | null;
            /** Skill Version */
            skill_version: string | null;
            /** Module Sha256 */
            module_sha256: string | null;
            /** As Of */
            as_of: number | null;
            /** Exit Code */
            exit_code: number | null;
            /** Fuel Units */
            fuel_units: number | null;
            /** Memory Bytes Peak */
            memory_bytes_peak: number | null;
            /** Duration Us */
            duration_us: number | null;
            /** Input Sha256 */
            input_sha256: string | null;
            /** Output Sha256 */
            output_sha256: string | null;
            /** Logs Sha256 */
            logs_sha256: string | null;
            /** Transcript Sha256 */
            transcript_sha256: string | null;
            /** Input */
            input: unknown;
            /** Output */
            output: unknown;
            /** Logs */
            logs: unknown;
            /** Transcript */
            transcript: unknown;
        };
        /**
         * TrialReport
         * @description What a module would have changed in the runs of a plugin; fuel is that of the runs that were tried.
         *
         *     ``samples`` are some of the runs that are not the same, those that fail first.
         */
        TrialReport: {
            /** Plugin Id */
            plugin_id: string;
            /** Module Sha256 */
            module_sha256: string;
            /** Verdicts */
            verdicts?: {
                [key: string]: number;
            };
            /**
             * Fuel Units Recorded
             * @default 0
             */
            fuel_units_recorded: number;
            /**
             * Fuel Units Tried
             * @default 0
             */
            fuel_units_tried: number;
            /**
             * Unanswered
             * @default 0
             */
            unanswered: number;
            /** Samples */
            samples?: components["schemas"]["Tried"][];
        };
        /**
         * TrialVerdict
         * @description How a run went with the module.
         * @enum {string}
         */
        TrialVerdict: "same" | "differs" | "fails" | "untried";
        /**
         * Tried
         * @description One recorded run with the module: what came of it then, and what would have.
         *
         *     ``recorded`` and ``said`` are the two in words; ``unanswered`` counts the calls of the module that nobody
         *     knows an answer to, because nobody asked then.
         */
        Tried: {
            /** Position */
            position: number;
            /** Subject */
            subject: string;
            /** Recorded */
            recorded: string;
            verdict: components["schemas"]["TrialVerdict"];
            /** Said */
            said: string;
            /**
             * Differences
             * @default []
             */
            differences: components["schemas"]["palyra_runtime__replay__finding__Difference"][];
            /**
             * Unanswered
             * @default 0
             */
            unanswered: number;
            /**
             * Fuel Units Recorded
             * @default 0
             */
            fuel_units_recorded: number;
            /**
             * Fuel Units
             * @default 0
             */
            fuel_units: number;
        };
        /** TrustAddParameters */
        TrustAddParameters: {
            /** Key */
            key: string;
            /**
             * Skills
             * @default []
             */
            skills: string[];
            /** Reason */
            reason?: string | null;
        };
        /**
         * TrustDecision
         * @description Why a publisher's key was accepted.
         * @enum {string}
         */
        TrustDecision: "allowlisted" | "tofu_pinned" | "tofu_newly_pinned" | "key_retired";
        /** TrustImportStoreParameters */
        TrustImportStoreParameters: {
            /** Document */
            document: string;
            /** Reason */
            reason?: string | null;
        };
        /** TrustPlanRevocationParameters */
        TrustPlanRevocationParameters: {
            /** Publisher Or Key */
            publisher_or_key: string;
        };
        /** TrustRevokeParameters */
        TrustRevokeParameters: {
            /** Publisher Or Key */
            publisher_or_key: string;
            /** Reason */
            reason?: string | null;
        };
        /** TrustRotateParameters */
        TrustRotateParameters: {
            /** New Key */
            new_key: string;
            /** Replaced */
            replaced?: string | null;
            /** Endorsement */
            endorsement?: string | null;
            /** Reason */
            reason?: string | null;
        };
        /**
         * TrustRow
         * @description What a publisher's key was from one of its events to the next; ``valid_to`` is None for now.
         *
         *     ``public_key`` is 32 bytes in hexadecimal. ``skills`` are ids and prefixes; without any, the key may
         *     sign every skill that is not another publisher's. ``changed_by`` is the actor.
         */
        TrustRow: {
            /** Publisher */
            publisher: string;
            /** Public Key */
            public_key: string;
            /** Valid From */
            valid_from: number;
            /** Valid To */
            valid_to: number | null;
            /** Key Id */
            key_id: string;
            standing: components["schemas"]["KeyStanding"];
            /** Skills */
            skills: string[];
            /** Changed By */
            changed_by: string;
            /**
             * Changed At
             * Format: date-time
             */
            changed_at: string;
        };
        /** ValidationError */
        ValidationError: {
            /** Location */
            loc: (string | number)[];
            /** Message */
            msg: string;
            /** Error Type */
            type: string;
            /** Input */
            input?: unknown;
            /** Context */
            ctx?: Record<string, unknown>;
        };
        /**
         * Verdict
         * @description What came of comparing two builds of a view, as both stand at a position.
         *
         *     ``failure`` says why there was nothing to compare with. Of the differences the first
         *     thousand are named.
         */
        Verdict: {
            /** Name */
            name: string;
            /** Position */
            position: number;
            /** Differences */
            differences: components["schemas"]["projections__compare__Difference"][];
            /** Differences Count */
            differences_count: number;
            /** Failure */
            failure?: string | null;
        };
        /** VerificationAuditParameters */
        VerificationAuditParameters: {
            /** Version */
            version?: string | null;
            /**
             * Quarantine On Fail
             * @default false
             */
            quarantine_on_fail: boolean;
            /** Reason */
            reason?: string | null;
        };
        /**
         * VerificationRecord
         * @description What a verification found; see `palyra_runtime.ledger.VerifyReport`.
         */
        VerificationRecord: {
            /** Is Sound */
            is_sound: boolean;
            /** First Bad Position */
            first_bad_position: number | null;
            /** Origin */
            origin: string;
            /** Head */
            head: number;
            /** Events */
            events: number;
            /** Since */
            since: number;
            /** Checkpoints */
            checkpoints: number;
            /** Signed */
            signed: number;
            /** Signed At */
            signed_at: string | null;
            /** Root */
            root: string | null;
            /** Erased */
            erased: number;
            /** Views */
            views: string[];
            /** Findings */
            findings: components["schemas"]["FindingRecord"][];
        };
        /**
         * Verified
         * @description An artifact whose content, signature and publisher are what they should be.
         *
         *     ``state`` is that of the installed release of these bytes, None where it is not installed.
         */
        Verified: {
            /** Skill Id */
            skill_id: string;
            /** Version */
            version: string;
            /** Publisher */
            publisher: string;
            /** Key Id */
            key_id: string;
            trust_decision: components["schemas"]["TrustDecision"];
            /** Artifact Sha256 */
            artifact_sha256: string;
            /** Payload Sha256 */
            payload_sha256: string;
            state: components["schemas"]["ReleaseState"] | null;
        };
        palyra_events__capabilities__Difference: [
            string,
            string,
            components["schemas"]["DifferenceKind"]
        ];
        /**
         * Difference
         * @description One difference, in a sentence, and where it is about documents, the lines that differ.
         */
        palyra_runtime__replay__finding__Difference: {
            aspect: components["schemas"]["Aspect"];
            /** Message */
            message: string;
            /**
             * Diff
             * @default []
             */
            diff: string[];
        };
        /**
         * Difference
         * @description What two builds of a view do not agree on.
         *
         *     ``key`` names the row; ``column`` is None where one of them has no such row, which `live` or
         *     `derived` says. ``derived`` is what the log gives, or what the other build has.
         */
        projections__compare__Difference: {
            /** View */
            view: string;
            /** Table */
            table: string;
            /** Key */
            key: {
                [key: string]: unknown;
            };
            /** Column */
            column: string | null;
            /** Live */
            live: unknown;
            /** Derived */
            derived: unknown;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    "skills.list": {
        parameters: {
            query?: {
                removed?: boolean;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_SkillRow_"];
                };
            };
        };
    };
    "skills.install": {
        parameters: {
            query?: {
                trust_on_first_use?: boolean;
                sha256?: string | null;
                reason?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillRow"];
                };
            };
        };
    };
    "skills.update": {
        parameters: {
            query?: {
                sha256?: string | null;
                reason?: string | null;
                rebind?: boolean;
                agreed?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillRow"];
                };
            };
        };
    };
    "skills.plan_update": {
        parameters: {
            query?: {
                rebind?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseChangeRecord"] | null;
                };
            };
        };
    };
    "skills.reaudit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SkillsReauditParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Recheck_"];
                };
            };
        };
    };
    "skills.show": {
        parameters: {
            query?: {
                removed?: boolean;
                at?: string | null;
            };
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_SkillRow_"];
                };
            };
        };
    };
    "skills.history": {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
                at?: string | null;
            };
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_AuditRow_"];
                };
            };
        };
    };
    "skills.diff": {
        parameters: {
            query?: {
                version?: string | null;
                other?: string | null;
            };
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseDiff"];
                };
            };
        };
    };
    "skills.enable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SkillsEnableParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillRow"];
                };
            };
        };
    };
    "skills.plan_enable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SkillsPlanEnableParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseChangeRecord"] | null;
                };
            };
        };
    };
    "skills.rollback": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillsRollbackParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillRow"];
                };
            };
        };
    };
    "skills.plan_rollback": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillsPlanRollbackParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseChangeRecord"] | null;
                };
            };
        };
    };
    "skills.quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SkillsQuarantineParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillRow"];
                };
            };
        };
    };
    "skills.disable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SkillsDisableParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillRow"];
                };
            };
        };
    };
    "skills.remove": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SkillsRemoveParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SkillRow"];
                };
            };
        };
    };
    "verification.inspect": {
        parameters: {
            query?: {
                version?: string | null;
            };
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Inspection"];
                };
            };
        };
    };
    "verification.verify": {
        parameters: {
            query?: {
                version?: string | null;
            };
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verified"];
                };
            };
        };
    };
    "verification.sbom": {
        parameters: {
            query?: {
                version?: string | null;
            };
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    "verification.provenance": {
        parameters: {
            query?: {
                version?: string | null;
            };
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    "verification.audit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                skill_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["VerificationAuditParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditReport"];
                };
            };
        };
    };
    "plugins.list": {
        parameters: {
            query?: {
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_PluginRow_"];
                };
            };
        };
    };
    "plugins.export_index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
        };
    };
    "plugins.import_index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PluginsImportIndexParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPlan"];
                };
            };
        };
    };
    "plugins.plan_import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PluginsPlanImportParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPlan"];
                };
            };
        };
    };
    "plugins.bind": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PluginsBindParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginRow"];
                };
            };
        };
    };
    "plugins.rebind": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginsRebindParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginRow"];
                };
            };
        };
    };
    "plugins.plan_rebind": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginsPlanRebindParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReleaseChangeRecord"] | null;
                };
            };
        };
    };
    "plugins.unbind": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginsUnbindParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": null;
                };
            };
        };
    };
    "plugins.enable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginsEnableParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginRow"];
                };
            };
        };
    };
    "plugins.disable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginsDisableParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginRow"];
                };
            };
        };
    };
    "plugins.run": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PluginsRunParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolResult"];
                };
            };
        };
    };
    "plugins.grants": {
        parameters: {
            query?: {
                version?: string | null;
            };
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GrantsRecord"];
                };
            };
        };
    };
    "plugins.set_grants": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["PluginsSetGrantsParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginRow"];
                };
            };
        };
    };
    "configs.get": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginConfigDetail"];
                };
            };
        };
    };
    "configs.set": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ConfigsSetParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginConfigDetail"];
                };
            };
        };
    };
    "configs.clear": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ConfigsClearParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PluginConfigDetail"];
                };
            };
        };
    };
    "storage.use": {
        parameters: {
            query?: {
                at?: string | null;
            };
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StorageUse"];
                };
            };
        };
    };
    "storage.list": {
        parameters: {
            query?: {
                prefix?: string;
                after?: string;
                limit?: number;
                at?: string | null;
            };
            header?: never;
            path: {
                plugin_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_StoredValue_"];
                };
            };
        };
    };
    "storage.show": {
        parameters: {
            query?: {
                at?: string | null;
            };
            header?: never;
            path: {
                plugin_id: string;
                path: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoredValueDetail"];
                };
            };
        };
    };
    "hooks.list": {
        parameters: {
            query?: {
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_HookRow_"];
                };
            };
        };
    };
    "hooks.export_index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": string;
                };
            };
        };
    };
    "hooks.import_index": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HooksImportIndexParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPlan"];
                };
            };
        };
    };
    "hooks.plan_import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HooksPlanImportParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportPlan"];
                };
            };
        };
    };
    "hooks.bind": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["HooksBindParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookRow"];
                };
            };
        };
    };
    "hooks.rebind": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["HooksRebindParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookRow"];
                };
            };
        };
    };
    "hooks.unbind": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["HooksUnbindParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": null;
                };
            };
        };
    };
    "hooks.enable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["HooksEnableParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookRow"];
                };
            };
        };
    };
    "hooks.disable": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hook_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["HooksDisableParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HookRow"];
                };
            };
        };
    };
    "deliveries.list": {
        parameters: {
            query?: {
                states?: components["schemas"]["DeliveryState"][];
                hook_id?: string | null;
                plugin_id?: string | null;
                event?: components["schemas"]["HookEventKind"] | number | null;
                since?: string | null;
                until?: string | null;
                changed_since?: string | null;
                changed_until?: string | null;
                after?: number;
                limit?: number;
                newest_first?: boolean;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_DeliveryRow_"];
                };
            };
        };
    };
    "deliveries.stats": {
        parameters: {
            query?: {
                by?: components["schemas"]["StatsKey"];
                states?: components["schemas"]["DeliveryState"][];
                hook_id?: string | null;
                plugin_id?: string | null;
                event?: components["schemas"]["HookEventKind"] | number | null;
                since?: string | null;
                until?: string | null;
                changed_since?: string | null;
                changed_until?: string | null;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_DeliveryStats_"];
                };
            };
        };
    };
    "deliveries.carry_out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeliveriesCarryOutParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_BulkReport_"];
                };
            };
        };
    };
    "dispatch.drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_DrainReport_"];
                };
            };
        };
    };
    "deliveries.plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeliveriesPlanParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BulkPlanRecord"];
                };
            };
        };
    };
    "deliveries.show": {
        parameters: {
            query?: {
                at?: string | null;
            };
            header?: never;
            path: {
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryRecord"];
                };
            };
        };
    };
    "deliveries.attempts": {
        parameters: {
            query?: {
                at?: string | null;
            };
            header?: never;
            path: {
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_TranscriptRecord_"];
                };
            };
        };
    };
    "deliveries.redeliver": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DeliveriesRedeliverParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryRow"];
                };
            };
        };
    };
    "deliveries.retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DeliveriesRetryParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryRow"];
                };
            };
        };
    };
    "deliveries.cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DeliveriesCancelParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryRow"];
                };
            };
        };
    };
    "deliveries.discard": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                delivery_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeliveriesDiscardParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryRow"];
                };
            };
        };
    };
    "decisions.list": {
        parameters: {
            query?: {
                phase?: string | components["schemas"]["RunPhase"] | null;
                kind?: components["schemas"]["DecisionKind"] | null;
                before?: number | null;
                limit?: number;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_DecisionRow_"];
                };
            };
        };
    };
    "decisions.take": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionsTakeParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionRecord"];
                };
            };
        };
    };
    "decisions.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                decision_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionRecord"];
                };
            };
        };
    };
    "messages.list": {
        parameters: {
            query?: {
                state?: components["schemas"]["MessageState"] | null;
                channel?: string | null;
                plugin?: string | null;
                /** @description The id of a message, such as 57.0. */
                after?: string;
                limit?: number;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_MessageRow_"];
                };
            };
        };
    };
    "messages.show": {
        parameters: {
            query?: {
                at?: string | null;
            };
            header?: never;
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageDetail"];
                };
            };
        };
    };
    "messages.retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["MessagesRetryParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageDetail"];
                };
            };
        };
    };
    "messages.discard": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                message_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MessagesDiscardParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageDetail"];
                };
            };
        };
    };
    "surfaces.list": {
        parameters: {
            query?: {
                plugin?: string | null;
                is_open?: boolean | null;
                after?: string;
                limit?: number;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_SurfaceRow_"];
                };
            };
        };
    };
    "surfaces.problems": {
        parameters: {
            query?: {
                surface?: string | null;
                before?: number | null;
                limit?: number;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_SurfaceProblem_"];
                };
            };
        };
    };
    "surfaces.show": {
        parameters: {
            query?: {
                version?: number | null;
                at?: string | null;
            };
            header?: never;
            path: {
                surface: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurfaceDetail"];
                };
            };
        };
    };
    "surfaces.as_a2ui": {
        parameters: {
            query?: {
                version?: number | null;
                at?: string | null;
            };
            header?: never;
            path: {
                surface: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/a2ui+json": {
                        /** Messages */
                        messages: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
        };
    };
    "surfaces.act": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                surface: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SurfacesActParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submitted"];
                };
            };
        };
    };
    "surfaces.history": {
        parameters: {
            query?: {
                before?: number | null;
                limit?: number;
                at?: string | null;
            };
            header?: never;
            path: {
                surface: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_SurfaceRow_"];
                };
            };
        };
    };
    "surfaces.submit": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                surface: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SurfacesSubmitParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Submitted"];
                };
            };
        };
    };
    "surfaces.close": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                surface: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SurfacesCloseParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SurfaceRow"];
                };
            };
        };
    };
    "events.identity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogIdentity"];
                };
            };
        };
    };
    "events.list": {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_EventRecord_"];
                };
            };
        };
    };
    "events.newest": {
        parameters: {
            query?: {
                limit?: number;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_EventRecord_"];
                };
            };
        };
    };
    "events.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                position: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventRecord"];
                };
            };
        };
    };
    "blobs.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                digest: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BlobDetail"];
                };
            };
        };
    };
    "audit.log": {
        parameters: {
            query?: {
                limit?: number;
                after?: number;
                subject?: string | null;
                subject_kind?: string | null;
                actor?: string | null;
                grep?: string | null;
                newest_first?: boolean;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_AuditRow_"];
                };
            };
        };
    };
    "audit.activity": {
        parameters: {
            query?: {
                after?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ActorActivity_"];
                };
            };
        };
    };
    "ledger.checkpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_CheckpointRecord_"];
                };
            };
        };
    };
    "ledger.checkpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckpointRecord"];
                };
            };
        };
    };
    "ledger.prove": {
        parameters: {
            query?: {
                checkpoint?: number | null;
            };
            header?: never;
            path: {
                position: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProofBundle"];
                };
            };
        };
    };
    "ledger.export": {
        parameters: {
            query?: {
                after?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedRows"];
                };
            };
        };
    };
    "ledger.verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LedgerVerifyParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_VerificationRecord_"];
                };
            };
        };
    };
    "ledger.report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LedgerReportParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_AuditReportRecord_"];
                };
            };
        };
    };
    "ledger.covered_by": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LedgerCoveredByParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": number;
                };
            };
        };
    };
    "ledger.rotate_key": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["LedgerRotateKeyParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckpointRecord"];
                };
            };
        };
    };
    "projections.status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ProjectionStatus_"];
                };
            };
        };
    };
    "projections.pulse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pulse"];
                };
            };
        };
    };
    "projections.rebuild": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ProjectionsRebuildParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_Listing_ProjectionStatus__"];
                };
            };
        };
    };
    "projections.verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ProjectionsVerifyParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_Listing_Verdict__"];
                };
            };
        };
    };
    "projections.retry": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_Listing_DeadLetter__"];
                };
            };
        };
    };
    "projections.plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ProjectionsPlanParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RebuildPlan"];
                };
            };
        };
    };
    "projections.pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectionsPauseParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ProjectionStatus_"];
                };
            };
        };
    };
    "projections.resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectionsResumeParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ProjectionStatus_"];
                };
            };
        };
    };
    "projections.query": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectionsQueryParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
        };
    };
    "projections.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ProjectionStatus_"];
                };
            };
        };
    };
    "projections.diff": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verdict"];
                };
            };
        };
    };
    "projections.rollback": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ProjectionStatus_"];
                };
            };
        };
    };
    "projections.drop": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ProjectionsDropParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Generation_"];
                };
            };
        };
    };
    "projections.dead_letters": {
        parameters: {
            query?: {
                name?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_DeadLetter_"];
                };
            };
        };
    };
    "projections.discard": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ProjectionsDiscardParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_DeadLetter_"];
                };
            };
        };
    };
    "replay.run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReplayRunParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_ReplayRecord_"];
                };
            };
        };
    };
    "replay.try_module": {
        parameters: {
            query?: {
                plugin?: string | null;
                hook?: string | null;
                since?: string | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_TrialReport_"];
                };
            };
        };
    };
    "replay.try_version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayTryVersionParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_TrialReport_"];
                };
            };
        };
    };
    "replay.explain": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                what: string | number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Explanation"];
                };
            };
        };
    };
    "gateway.status": {
        parameters: {
            query?: {
                runs?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GatewayStatus"];
                };
            };
        };
    };
    "doctor.examine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Examined_"];
                };
            };
        };
    };
    "database.stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StoreStats"];
                };
            };
        };
    };
    "database.check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DatabaseCheckParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_StoreReport_"];
                };
            };
        };
    };
    "retention.usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_KindUse_"];
                };
            };
        };
    };
    "retention.run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetentionRunParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_RetentionReport_"];
                };
            };
        };
    };
    "retention.policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: components["schemas"]["KeepRule"];
                    };
                };
            };
        };
    };
    "retention.plan": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RetentionPlanParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RetentionPlanRecord"];
                };
            };
        };
    };
    "trust.list": {
        parameters: {
            query?: {
                publisher?: string | null;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_TrustRow_"];
                };
            };
        };
    };
    "trust.export_store": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
        };
    };
    "trust.import_store": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrustImportStoreParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_TrustRow_"];
                };
            };
        };
    };
    "trust.plan_revocation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrustPlanRevocationParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revocation"];
                };
            };
        };
    };
    "trust.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrustRevokeParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Revocation"];
                };
            };
        };
    };
    "trust.add": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                publisher: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrustAddParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_TrustRow_"];
                };
            };
        };
    };
    "trust.rotate": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                publisher: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TrustRotateParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_TrustRow_"];
                };
            };
        };
    };
    "tokens.list": {
        parameters: {
            query?: {
                spent?: boolean;
                at?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_TokenRow_"];
                };
            };
        };
    };
    "tokens.create": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokensCreateParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssuedToken"];
                };
            };
        };
    };
    "tokens.revoke": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                token_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["TokensRevokeParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenRow"];
                };
            };
        };
    };
    "subjects.plan_erasure": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubjectsPlanErasureParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasurePlanRecord"];
                };
            };
        };
    };
    "subjects.erase": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubjectsEraseParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job_Erasure_"];
                };
            };
        };
    };
    "subjects.names": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ActorName_"];
                };
            };
        };
    };
    "subjects.name": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                actor: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SubjectsNameParameters"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActorName"];
                };
            };
        };
    };
    "subjects.unname": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                actor: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": null;
                };
            };
        };
    };
    "session.show": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionRecord"];
                };
            };
        };
    };
    "session.begin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionRecord"];
                };
            };
        };
    };
    "session.end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
    "jobs.list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Job_Any__"];
                };
            };
        };
    };
    "jobs.show": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
        };
    };
    "jobs.cancel": {
        parameters: {
            query?: never;
            header?: never;
            path: {
                job_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Job"];
                };
            };
        };
    };
    "stream.read": {
        parameters: {
            query?: {
                after?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    "stream.surface": {
        parameters: {
            query?: {
                shown?: number | null;
            };
            header?: never;
            path: {
                surface: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
        };
    };
    "health.alive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    "health.ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    "health.metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
        };
    };
}
