// Generated from src/routes/openapi/ and src/errors.ts by "npm run generate". Do not edit.
export interface paths {
    "/": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List withdrawals by page, with filters, or download them */
        get: operations["findWithdrawals"];
        put?: never;
        /**
         * Create a withdrawal
         * @description Locks the amount and has it paid out. Answers when that has ended, or would not end soon: the work then goes on. Send an `Idempotency-Key`, and repeat with the same one until there is an answer: it stays one withdrawal.
         */
        post: operations["createWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at a withdrawal */
        get: operations["getWithdrawal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give the balance back while nothing was sent
         * @description Twice is once. Takes no body.
         */
        post: operations["cancelWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The desk, one page for operators */
        get: operations["getDesk"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What waits for another operator */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/approvals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: operations["getApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/approvals/{id}/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say yes
         * @description Besides: what the action itself may be refused with; it then stays open.
         */
        post: operations["confirmApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/approvals/{id}/refuse": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say no */
        post: operations["refuseApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What operators did, the latest first */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/batches": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Batches, newest first */
        get: operations["listBatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/batches/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One with its items */
        get: operations["getBatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/batches/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the next run would send */
        get: operations["previewBatches"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/batches/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send what is due, now */
        post: operations["runBatches"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/code-locks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users whose one-time codes are not looked at for a while */
        get: operations["listCodeLocks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/code-locks/{userId}/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let one try again */
        post: operations["liftCodeLock"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent to whom */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/deliveries/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One with what it says */
        get: operations["getDelivery"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/deliveries/{id}/send-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send one again that was given up */
        post: operations["sendDeliveryAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/differences": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Questions to a person */
        get: operations["listDifferences"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/differences/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what was made of one */
        post: operations["resolveDifference"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/differences/{id}/take-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a burn that has no withdrawal into the books again */
        post: operations["takeInLost"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/differences/{withdrawalId}/{kind}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Say what was made of all of a kind about a withdrawal */
        post: operations["resolveDifferences"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/endpoints": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is told what happens */
        get: operations["listEndpoints"];
        put?: never;
        /** Tell somebody */
        post: operations["createEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/endpoints/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change one */
        post: operations["changeEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/endpoints/{id}/remove": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell it no more */
        post: operations["removeEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/endpoints/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Give one a new secret */
        post: operations["rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/endpoints/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send one a trial */
        post: operations["testEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/endpoints/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What it was before */
        get: operations["listEndpointVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/endpoints/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a trial to an address */
        post: operations["tryEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/files/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Files for a bank */
        get: operations["listFiles"];
        put?: never;
        /** Hand in what the bank has answered */
        post: operations["handInReport"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/files/{provider}/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them; masked for who only looks */
        get: operations["getFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/files/{provider}/{name}/void": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The bank never got it */
        post: operations["voidFile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/files/{provider}/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was handed in */
        get: operations["listReports"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/files/{provider}/reports/{document}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of one */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/float": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What payout accounts can still pay, against what waits */
        get: operations["listFloat"];
        put?: never;
        /** Enter what an account can pay out now */
        post: operations["enterFloat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/notices": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What operators are told */
        get: operations["listNotices"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/notices/{id}/items": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What one is about */
        get: operations["listNoticeItems"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What needs a person now */
        get: operations["getOverview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/policy": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the exchange lets happen */
        get: operations["getPolicy"];
        put?: never;
        /** Change it */
        post: operations["changePolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/policy/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What it would have done in the last 90 days */
        post: operations["tryPolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/policy/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Bring an earlier one back */
        post: operations["restorePolicy"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/policy/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The latest first */
        get: operations["listPolicyVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/proofs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Closed days, the latest first */
        get: operations["listProofs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/proofs/{day}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the payouts of a day came to */
        get: operations["getProof"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The providers */
        get: operations["listProviders"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/providers/{name}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let nothing leave to it */
        post: operations["pauseProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/providers/{name}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let it be paid by again */
        post: operations["resumeProvider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/quarantine": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Accounts that sent money back */
        get: operations["listQuarantine"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/quarantine/{hash}/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let withdrawals go there again */
        post: operations["liftQuarantine"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/reconciliation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, the latest first */
        get: operations["listReconciliations"];
        put?: never;
        /** Hold the books against what others say */
        post: operations["reconcile"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/reconciliation/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: operations["getReconciliation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What operators set */
        get: operations["getSettings"];
        put?: never;
        /** Save changes */
        post: operations["saveSettings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/settings/try": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try changes; nothing is saved */
        post: operations["trySettings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/settings/undo": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go back to earlier ones */
        post: operations["undoSettings"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/settings/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The latest first */
        get: operations["listSettingsVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether everything is stopped */
        get: operations["getStop"];
        put?: never;
        /** Stop everything */
        post: operations["stopEverything"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/stop/lift": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let everything go on */
        post: operations["liftStop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All users’ withdrawals, newest first */
        get: operations["searchWithdrawals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One, with all that is known about it and what may be done */
        get: operations["inspectWithdrawal"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** approve: see docs/actions.md */
        post: operations["approveWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/approve-return": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** approve-return: see docs/actions.md */
        post: operations["approveReturnWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All there is about one, for an auditor or a dispute */
        get: operations["getEvidence"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/hold": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** hold: see docs/actions.md */
        post: operations["holdWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** reject: see docs/actions.md */
        post: operations["rejectWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** resolve:settling: see docs/actions.md */
        post: operations["resolveWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** resume: see docs/actions.md */
        post: operations["resumeWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** retry: see docs/actions.md */
        post: operations["retryWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/send-again": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** send-again: see docs/actions.md */
        post: operations["sendAgainWithdrawal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** stop: see docs/actions.md */
        post: operations["stopWithdrawalPayout"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/withdrawals/bulk/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same decision about several */
        post: operations["decideSeveral"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description, as a page for people */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the page is made of */
        get: operations["getDocsFile"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Whether this instance can do its work
         * @description Operators are also told `details`.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process answers */
        get: operations["getLiveness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List withdrawals by offset, for tables */
        get: operations["listWithdrawals"];
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
         * What is counted and what stands now, for Prometheus
         * @description With the setting `metricsToken` or an operator’s token.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["getDescription"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a form needs, per currency that can be withdrawn
         * @description For the user who asks: one request fills the page.
         */
        get: operations["getOptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/quote": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What a withdrawal would cost and bring, as it would be accepted now
         * @description Nothing is stored or locked.
         */
        get: operations["getQuote"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/web/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The users’ page, as a program for a kit’s web app */
        get: operations["getUsersPage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{provider}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Where a provider sends its events */
        post: operations["receiveEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{provider}/{secret}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The same where a host has parsed the body before
         * @description `secret` is the setting `webhookSecret`.
         */
        post: operations["receiveEventBySecret"];
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
         * @description Letters and digits, with spaces or without.
         * @example DE89370400440532013000
         */
        AccountIdentifier: string;
        Approval: {
            action: string;
            /** Format: date-time */
            asked_at: string;
            asked_by: string;
            /** Format: date-time */
            closed_at?: string;
            confirmed: boolean;
            content: {
                [key: string]: unknown;
            };
            effect: string;
            id: string;
            /** @description So many others have to confirm it. */
            needed: number;
            reason: string;
            /** @enum {string} */
            state: "open" | "done" | "refused" | "changed";
            subject: string;
            /** @enum {string} */
            subject_kind: "withdrawal" | "provider" | "stop" | "file" | "policy" | "settings" | "endpoint";
            subject_version: number;
            title: string;
            withdrawal?: components["schemas"]["OperatorWithdrawal"];
            words: {
                actor: string;
                /** Format: date-time */
                at: string;
                confirms: boolean;
                reason: string;
            }[];
        };
        AuditEntry: {
            action: string;
            actor: string;
            /** Format: date-time */
            at: string;
            detail: {
                [key: string]: unknown;
            };
            from?: string;
            reason?: string;
            subject?: string;
            to?: string;
            withdrawal_id?: string;
        };
        BankReport: {
            actor: string;
            asked: number;
            /** Format: date-time */
            at: string;
            document_id: string;
            file: string;
            held: number;
            id: string;
            matched: number;
            problem_count: number;
            problems: string[];
            reason: string;
            repeated: boolean;
        };
        Batch: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            currency: string;
            id: string;
            item_count: number;
            key: string;
            payload_hash: string;
            provider: string;
            provider_reference?: string;
            reason_code?: string;
            /** Format: date-time */
            sent_at: string;
            /** @enum {string} */
            state: "sending" | "sent" | "refused" | "in_doubt";
            total: string;
        };
        BatchRun: {
            batches: {
                id: string;
                item_count: number;
                outcome: string;
                total: string;
            }[];
            currency: string;
            provider: string;
            singles: number;
            waiting?: string;
        };
        BatchWithItems: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            currency: string;
            id: string;
            item_count: number;
            items: {
                amount: number;
                destination: string;
                id: string;
                left: boolean;
                provider_reference?: string;
                /** @enum {string} */
                reason_code?: "account_closed" | "account_not_found" | "account_blocked" | "name_mismatch" | "invalid_identifier" | "currency_not_supported" | "amount_too_small" | "amount_too_large" | "receiver_unverified" | "receiver_refused" | "expired_unclaimed" | "duplicate_business" | "compliance" | "provider_declined" | "insufficient_balance" | "hold_refused" | "canceled_by_user" | "canceled_at_exchange" | "refused_by_exchange" | "canceled_by_operator" | "insufficient_float" | "rate_limited" | "provider_unavailable" | "provider_paused" | "stopped" | "batch_refused" | "cut_off" | "confirming" | "exchange_unavailable" | "code_not_checked" | "under_review" | "held_by_exchange" | "destination_unreadable" | "held_by_operator" | "above_ceiling" | "limit_reached" | "cooling_off" | "row_changed" | "hold_changed" | "hold_missing" | "hold_mismatch" | "paid_but_released" | "released_but_settled" | "amount_mismatch" | "unresolved" | "refused_alone" | "vanished" | "credit_refused" | "credit_mismatch" | "paid_under_retired_key" | "duplicate_reference" | "row_lost";
                /** @enum {string} */
                state: "requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict";
                user_id: number;
            }[];
            key: string;
            payload_hash: string;
            provider: string;
            provider_reference?: string;
            reason_code?: string;
            /** Format: date-time */
            sent_at: string;
            /** @enum {string} */
            state: "sending" | "sent" | "refused" | "in_doubt";
            total: string;
        };
        CurrencyOptions: {
            /** @description The user’s, that this currency goes to. */
            accounts: components["schemas"]["StoredAccount"][];
            /** @description What the user can spend. */
            available: number;
            currency: string;
            /**
             * @description `stored`: money goes to verified accounts only.
             * @enum {string}
             */
            destinations: "any" | "stored";
            /** @description What is left of the user’s own. */
            limits: components["schemas"]["LimitLeft"][];
            methods: components["schemas"]["MethodOptions"][];
            name: string;
            /** @description Where the first withdrawal to an account waits: how long. */
            new_account_waits_hours?: number;
            /** @description Whether `otp_code` is asked for. */
            otp_required: boolean;
            /** @description While everything is stopped: the sentence to show to users. */
            stopped?: string;
        };
        Delivery: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            ended_at?: string;
            endpoint: string;
            event_id: string;
            /** Format: date-time */
            given_up_at?: string;
            id: string;
            kind: string;
            /** Format: date-time */
            last_at?: string;
            last_error?: string;
            last_status?: number;
            /** Format: date-time */
            next_at?: string;
            /** @enum {string} */
            state: "waiting" | "delivered" | "dead";
            subject: string;
        };
        DeliveryWithPayload: {
            attempts: number;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            ended_at?: string;
            endpoint: string;
            event_id: string;
            /** Format: date-time */
            given_up_at?: string;
            id: string;
            kind: string;
            /** Format: date-time */
            last_at?: string;
            last_error?: string;
            last_status?: number;
            /** Format: date-time */
            next_at?: string;
            payload: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            state: "waiting" | "delivered" | "dead";
            subject: string;
        };
        Difference: {
            detail: {
                [key: string]: unknown;
            };
            history: {
                detail: {
                    [key: string]: unknown;
                };
                /** Format: date-time */
                opened_at: string;
                resolution: string;
                /** Format: date-time */
                resolved_at: string;
                resolved_by: string;
            }[];
            id: string;
            kind: string;
            money: string;
            /** Format: date-time */
            opened_at: string;
            resolution?: string;
            /** Format: date-time */
            resolved_at?: string;
            resolved_by?: string;
            suggested_actions: string[];
            /** @enum {string} */
            suggested_fix?: "take_in" | "decide" | "answer";
            title: string;
            what_to_do: string;
            withdrawal_id: string;
        };
        Endpoint: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            audience: "systems" | "operators";
            by: string;
            id: string;
            kinds: string[];
            name: string;
            on: boolean;
            reason: string;
            removed?: boolean;
            url: string;
            version: number;
        };
        EndpointShown: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            audience: "systems" | "operators";
            by: string;
            dead: number;
            id: string;
            kinds: string[];
            name: string;
            /** Format: date-time */
            oldest_waiting_at?: string;
            on: boolean;
            reason: string;
            removed?: boolean;
            secrets: {
                /** Format: date-time */
                ends_at?: string;
                /** Format: date-time */
                made_at: string;
            }[];
            url: string;
            version: number;
            waiting: number;
        };
        EndpointTried: {
            message: string;
            ok: boolean;
        };
        EndpointWithSecret: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            audience: "systems" | "operators";
            by: string;
            id: string;
            kinds: string[];
            name: string;
            on: boolean;
            reason: string;
            removed?: boolean;
            /** @description Shown once. */
            secret: string;
            url: string;
            version: number;
        };
        /** @description Every error, from every route. */
        Error: {
            /**
             * @description Stable; see docs/errors.md.
             * @enum {string}
             */
            code: "invalid_request" | "list_too_long" | "invalid_json" | "unknown_field" | "evidence_required" | "invalid_policy" | "invalid_amount" | "amount_out_of_range" | "unsupported_currency" | "invalid_method" | "missing_paypal_id" | "missing_bank_fields" | "destination_refused" | "destination_quarantined" | "bank_account_not_found" | "bank_account_not_verified" | "insufficient_balance" | "withdrawal_refused" | "otp_required" | "otp_invalid" | "invalid_idempotency_key" | "unauthorized" | "forbidden" | "own_withdrawal" | "own_proposal" | "user_not_found" | "withdrawal_not_found" | "provider_not_found" | "batch_not_found" | "file_not_found" | "difference_not_found" | "endpoint_not_found" | "delivery_not_found" | "reconciliation_not_found" | "notice_not_found" | "quarantine_not_found" | "code_lock_not_found" | "approval_not_found" | "policy_not_found" | "route_not_found" | "body_too_slow" | "idempotency_key_in_use" | "too_many_open_withdrawals" | "limit_reached" | "quote_changed" | "not_cancelable" | "action_not_possible" | "changed_meanwhile" | "already_proposed" | "already_decided" | "withdrawals_stopped" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "settings_not_working" | "endpoint_refused" | "too_many_requests" | "otp_locked" | "user_lookup_failed" | "create_failed" | "list_failed" | "internal_error" | "lists_busy" | "not_ready" | "exchange_unavailable";
            /** @description Single fields, where it is about some. */
            errors?: {
                location?: string;
                msg: string;
                path?: string;
                /** @enum {string} */
                type: "field" | "unknown_fields";
            }[];
            /** @description Fit to show to a person. */
            message: string;
            request_id: string;
        };
        Float: {
            account: string | null;
            as_of: string | null;
            available: string | null;
            currency: string;
            entered?: {
                actor: string;
                /** Format: date-time */
                at: string;
                available: string;
                reason: string;
            };
            is_old: boolean;
            is_short: boolean;
            is_told: boolean;
            mode: ("immediate" | "batch") | null;
            next_run_at: string | null;
            provider: string;
            queued: {
                count: number;
                total: string;
            };
            source: string | null;
            version: number;
            waiting_count: number;
        };
        FundingCall: {
            account: string | null;
            amount: string;
            available: string | null;
            closed_as?: string;
            /** Format: date-time */
            closed_at?: string;
            currency: string;
            expected: string | null;
            id: string;
            /** Format: date-time */
            needed_by: string;
            /** Format: date-time */
            opened_at: string;
            provider: string;
            queued: string;
            /** Format: date-time */
            updated_at: string;
        };
        IotaapWithdrawal: {
            /** @constant */
            __v: 0;
            _id: string;
            amount: number;
            bank?: string;
            completed: boolean;
            /** Format: date-time */
            created_at: string;
            iban?: string;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            owner: number;
            paypal_id?: string;
            /** @enum {string} */
            status: "pending" | "processed" | "canceled";
            swift?: string;
        };
        LimitLeft: {
            amount: number | null;
            amount_left: number | null;
            count: number | null;
            count_left: number | null;
            /** @enum {string} */
            per: "day" | "month";
            /** Format: date-time */
            resets_at: string;
        };
        /**
         * @description One line of text, as it may travel to a bank.
         * @example Ada Lovelace
         */
        Line: string;
        MethodOptions: {
            /**
             * Format: date-time
             * @description Until when the money of a request made now comes.
             */
            arrives_by: string;
            /**
             * Format: date-time
             * @description Where the account is a new one, that waits.
             */
            arrives_by_if_new?: string;
            decimals: number;
            expected_seconds: number;
            fee: number;
            /** @enum {string} */
            fee_mode: "on_top" | "deducted";
            increment: number | null;
            max: number | null;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            min: number | null;
            /** @enum {string} */
            mode: "immediate" | "batch";
            provider: string;
            required_fields: string[];
            /** @description The cron expression of the next batches, where there are batches. */
            schedule: string | null;
        };
        /**
         * @description The same as left out.
         * @enum {unknown}
         */
        Nothing: "" | null;
        Notice: {
            about: string | null;
            /** Format: date-time */
            cleared_at?: string;
            count: number;
            examples: components["schemas"]["NoticeItem"][];
            id: string;
            kind: string;
            messages: number;
            /** Format: date-time */
            opened_at: string;
            severity: string;
            title: string;
            /** Format: date-time */
            told_at?: string;
            what_to_do: string;
        };
        NoticeItem: {
            /** Format: date-time */
            opened_at: string;
            subject: string;
        } & {
            [key: string]: unknown;
        };
        OperatorWithdrawal: {
            amount: number;
            batch_id?: string;
            /** Format: date-time */
            created_at: string;
            currency: string;
            /** @description Masked. */
            destination: string;
            end_to_end_id: string;
            fee: number;
            id: string;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            /** @enum {string} */
            mode: "immediate" | "batch";
            /** Format: date-time */
            next_run_at?: string;
            payout_amount: number;
            payout_key: string;
            provider: string;
            provider_reference?: string;
            provider_status?: string;
            provider_transaction_id?: string;
            reason?: string;
            /** @enum {string} */
            reason_code?: "account_closed" | "account_not_found" | "account_blocked" | "name_mismatch" | "invalid_identifier" | "currency_not_supported" | "amount_too_small" | "amount_too_large" | "receiver_unverified" | "receiver_refused" | "expired_unclaimed" | "duplicate_business" | "compliance" | "provider_declined" | "insufficient_balance" | "hold_refused" | "canceled_by_user" | "canceled_at_exchange" | "refused_by_exchange" | "canceled_by_operator" | "insufficient_float" | "rate_limited" | "provider_unavailable" | "provider_paused" | "stopped" | "batch_refused" | "cut_off" | "confirming" | "exchange_unavailable" | "code_not_checked" | "under_review" | "held_by_exchange" | "destination_unreadable" | "held_by_operator" | "above_ceiling" | "limit_reached" | "cooling_off" | "row_changed" | "hold_changed" | "hold_missing" | "hold_mismatch" | "paid_but_released" | "released_but_settled" | "amount_mismatch" | "unresolved" | "refused_alone" | "vanished" | "credit_refused" | "credit_mismatch" | "paid_under_retired_key" | "duplicate_reference" | "row_lost";
            /** Format: date-time */
            return_approved_at?: string;
            returned_amount?: number;
            /** @enum {string} */
            state: "requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict";
            /** Format: date-time */
            state_since: string;
            /** @enum {string} */
            status: "pending" | "processed" | "canceled";
            /** Format: date-time */
            updated_at: string;
            user_id: number;
            version: number;
        };
        OperatorWithdrawalWithJournal: components["schemas"]["OperatorWithdrawal"] & {
            actions: {
                action: string;
                burn: string;
                /** @enum {string} */
                evidence: "none" | "note" | "transaction";
                needs_second: boolean;
                others_needed: number;
                payout: string;
                title: string;
                /** @enum {string} */
                to?: "requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict";
            }[];
            approvals: components["schemas"]["Approval"][];
            differences: components["schemas"]["Difference"][];
            hints: {
                code: string;
                text: string;
            }[];
            journal: {
                actor: string;
                /** Format: date-time */
                at: string;
                detail: {
                    [key: string]: unknown;
                };
                event: string;
                from: ("requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict") | null;
                /** @enum {string} */
                reason_code?: "account_closed" | "account_not_found" | "account_blocked" | "name_mismatch" | "invalid_identifier" | "currency_not_supported" | "amount_too_small" | "amount_too_large" | "receiver_unverified" | "receiver_refused" | "expired_unclaimed" | "duplicate_business" | "compliance" | "provider_declined" | "insufficient_balance" | "hold_refused" | "canceled_by_user" | "canceled_at_exchange" | "refused_by_exchange" | "canceled_by_operator" | "insufficient_float" | "rate_limited" | "provider_unavailable" | "provider_paused" | "stopped" | "batch_refused" | "cut_off" | "confirming" | "exchange_unavailable" | "code_not_checked" | "under_review" | "held_by_exchange" | "destination_unreadable" | "held_by_operator" | "above_ceiling" | "limit_reached" | "cooling_off" | "row_changed" | "hold_changed" | "hold_missing" | "hold_mismatch" | "paid_but_released" | "released_but_settled" | "amount_mismatch" | "unresolved" | "refused_alone" | "vanished" | "credit_refused" | "credit_mismatch" | "paid_under_retired_key" | "duplicate_reference" | "row_lost";
                seq: number;
                /** @enum {string} */
                to: "requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict";
            }[];
            operator_actions: {
                action: string;
                actor: string;
                /** Format: date-time */
                at: string;
                detail: {
                    [key: string]: unknown;
                };
                reason: string;
            }[];
            question?: {
                money: string;
                suggested_actions: string[];
                title: string;
                what_to_do: string;
            };
        };
        OutboxFile: {
            /** Format: date-time */
            created_at: string;
            currency: string;
            /** Format: date-time */
            erased_at?: string;
            item_count: number;
            name: string;
            order_key: string;
            total: string;
            /** Format: date-time */
            voided_at?: string;
        };
        Overview: {
            activity: {
                day: {
                    half_within_seconds?: number;
                    most_within_seconds?: number;
                    paid: {
                        amount: string;
                        count: number;
                        currency: string;
                    }[];
                    spans: {
                        asked: number;
                        /** Format: date-time */
                        at: string;
                        canceled: number;
                        failed: number;
                        paid: number;
                        returned: number;
                    }[];
                };
                month: {
                    half_within_seconds?: number;
                    most_within_seconds?: number;
                    paid: {
                        amount: string;
                        count: number;
                        currency: string;
                    }[];
                    spans: {
                        asked: number;
                        /** Format: date-time */
                        at: string;
                        canceled: number;
                        failed: number;
                        paid: number;
                        returned: number;
                    }[];
                };
            };
            /** Format: date-time */
            at: string;
            funding_calls: components["schemas"]["FundingCall"][];
            providers: {
                /** Format: date-time */
                asked_at?: string;
                balances?: {
                    [key: string]: unknown;
                }[];
                batch_items_max: number | null;
                health_message?: string;
                healthy?: boolean;
                methods: ("BANK" | "PAYPAL")[];
                /** @enum {string} */
                mode: "immediate" | "batch";
                name: string;
                /** Format: date-time */
                next_run_at?: string;
                paused: boolean;
                /** Format: date-time */
                paused_at?: string;
                paused_by?: string;
                paused_reason?: string;
                queue: {
                    available?: string;
                    count: number;
                    currency: string;
                    total: string;
                }[];
                schedule: string;
                silent_for_ms: number;
                version: number;
            }[];
            questions: {
                count: number;
                data: {
                    amount?: string;
                    currency?: string;
                    difference_id?: string;
                    /** Format: date-time */
                    ends_at?: string;
                    /** @enum {string} */
                    kind: "in_review" | "conflict" | "returning" | "difference";
                    money: string;
                    provider?: string;
                    /** Format: date-time */
                    since: string;
                    /** @enum {string} */
                    state?: "requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict";
                    title: string;
                    user_id?: number;
                    withdrawal_id: string;
                }[];
            };
            standing: {
                amount: string;
                count: number;
                currency: string;
                limit_seconds?: number;
                meaning: string;
                /** Format: date-time */
                oldest_since?: string;
                /** @enum {string} */
                state: "requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict";
            }[];
            stopped?: {
                by: string;
                reason: string;
                /** Format: date-time */
                since?: string;
            };
            you: {
                id: number;
                may_act: boolean;
            };
        };
        Policy: {
            amounts: {
                currency: string;
                max: string | null;
                method: ("BANK" | "PAYPAL") | null;
                min: string | null;
                /** @enum {string} */
                then: "refuse" | "review";
            }[];
            ceilings: {
                amount: string;
                approvers: number;
                currency: string;
            }[];
            cooling_off_hours: number;
            duties: {
                decide: string[];
                payouts: string[];
                policy: string[];
                stop: string[];
            };
            limits: {
                amount: string | null;
                count: number | null;
                currency: string | null;
                /** @enum {string} */
                of: "user" | "destination" | "exchange";
                /** @enum {string} */
                per: "day" | "month";
                /** @enum {string} */
                then: "refuse" | "review";
            }[];
            second_person_above: {
                [key: string]: string;
            };
            users: {
                /** @enum {string} */
                blocked: "pay" | "review" | "refuse";
                /** @enum {string} */
                flagged: "pay" | "review" | "refuse";
                /** @enum {string} */
                unverified: "pay" | "review" | "refuse";
            };
        };
        PolicyDryRun: {
            changes: {
                after: string | null;
                before: string | null;
                name: string;
            }[];
            held: number;
            looked: number;
            refused: number;
            rules: {
                amount: string;
                count: number;
                currency: string;
                name: string;
                /** @enum {string} */
                outcome: "refused" | "held";
                sample: string[];
                text: string;
            }[];
            /** Format: date-time */
            since: string;
            until?: string | null;
        };
        PolicyInForce: {
            lines: {
                name: string;
                text: string;
            }[];
            policy: components["schemas"]["Policy"];
            version: number;
        };
        PolicyShown: components["schemas"]["PolicyInForce"] & {
            /** Format: date-time */
            at?: string;
            by?: string;
            fixed: string[];
            may_change: boolean;
            needs_second: boolean;
            operator_roles: string[];
            reason?: string;
        };
        PolicyVersion: {
            /** Format: date-time */
            at: string;
            by: string;
            changes: {
                after: string | null;
                before: string | null;
                name: string;
            }[];
            reason: string;
            restores?: number;
            version: number;
        };
        Proof: {
            closed: boolean;
            /** Format: date-time */
            closed_at?: string;
            content: string;
            day: string;
            hash: string;
            journal_digest: string;
            journal_entries: number;
            moved: {
                amount: string;
                count: number;
                currency: string;
                payout_amount: string;
                /** @enum {string} */
                state: "requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict";
            }[];
            open: {
                amount: string;
                count: number;
                currency: string;
                payout_amount: string;
                /** @enum {string} */
                state: "requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict";
            }[];
            open_differences: number;
            open_items: {
                amount: string;
                /** Format: date-time */
                asked_at: string;
                currency: string;
                id: string;
                provider: string;
                /** @enum {string} */
                state: "requested" | "in_review" | "ready" | "submitting" | "submitted" | "in_doubt" | "settling" | "releasing" | "processed" | "canceled" | "returning" | "returned" | "conflict";
            }[];
            open_items_left_out: number;
            signature?: string;
            /** Format: date-time */
            until: string;
        };
        Provider: {
            batch_items_max: number | null;
            methods: ("BANK" | "PAYPAL")[];
            /** @enum {string} */
            mode: "immediate" | "batch";
            name: string;
            paused: boolean;
            /** Format: date-time */
            paused_at?: string;
            paused_by?: string;
            paused_reason?: string;
            schedule: string;
            silent_for_ms: number;
            version: number;
        };
        Quote: {
            amount: number;
            /**
             * Format: date-time
             * @description Until when the money of a request made now comes.
             */
            arrives_by: string;
            /**
             * Format: date-time
             * @description Where the account is a new one, that waits.
             */
            arrives_by_if_new?: string;
            currency: string;
            fee: number;
            /** @enum {string} */
            fee_mode: "on_top" | "deducted";
            /** @description What the user can spend less of. */
            leaves_balance: number;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            /** @description What the beneficiary gets. */
            payout_amount: number;
        };
        ReadyGroup: {
            currency: string;
            item_count: number;
            /** Format: date-time */
            oldest_since: string;
            provider: string;
            total: string;
        };
        ReconciliationRun: {
            /** @description All was seen, and nothing differs. */
            agrees: boolean;
            /** Format: date-time */
            asked_at: string;
            asked_by: string;
            differences: {
                [key: string]: number;
            };
            /** Format: date-time */
            ended_at?: string;
            id: string;
            lists: {
                count: number;
                /** @enum {string} */
                list: "burns" | "credits" | "payouts";
                of: string;
                read_until: string | null;
                whole: boolean;
            }[];
            not_listed: string[];
            phase?: string;
            problems: string[];
            reason: string;
            /** Format: date-time */
            since: string;
            state: string;
            /** Format: date-time */
            until: string;
            withdrawals: number;
        };
        SettingsSaved: {
            /** Format: date-time */
            at?: string;
            by?: string;
            reason?: string;
            version: number;
        };
        SettingsShown: {
            /** Format: date-time */
            at?: string;
            by?: string;
            can_seal: boolean;
            effective: number;
            groups: {
                expert: boolean;
                key: string;
                on?: boolean;
                provider?: string;
                settings: {
                    default?: string | boolean;
                    doc: string;
                    fixed_as?: string;
                    name: string;
                    secret?: boolean;
                    set: boolean;
                    shape?: {
                        [key: string]: unknown;
                    };
                    /** @enum {string} */
                    source: "default" | "desk" | "fixed";
                    unit?: string;
                    value?: string | boolean;
                }[];
                title: string;
            }[];
            needs_second: boolean;
            plans: {
                /** @enum {string} */
                mode: "immediate" | "batch";
                next_runs: string[];
                provider: string;
                schedule: string | null;
                timezone: string;
            }[];
            problems: string[];
            reason?: string;
            version: number;
        };
        SettingsTried: {
            changed: string[];
            needs_second: boolean;
            ok: boolean;
            plans: {
                /** @enum {string} */
                mode: "immediate" | "batch";
                next_runs: string[];
                provider: string;
                schedule: string | null;
                timezone: string;
            }[];
            problems: {
                message: string;
                name?: string;
            }[];
            trials: {
                message: string;
                ok?: boolean;
                provider: string;
            }[];
        };
        SettingsVersion: {
            /** Format: date-time */
            at?: string;
            by?: string;
            changes: {
                from?: string;
                name: string;
                secret?: boolean;
                to?: string;
            }[];
            reason?: string;
            undone_to?: number;
            version: number;
        };
        SeveralResult: {
            approval?: components["schemas"]["Approval"];
            /** @enum {string} */
            code?: "invalid_request" | "list_too_long" | "invalid_json" | "unknown_field" | "evidence_required" | "invalid_policy" | "invalid_amount" | "amount_out_of_range" | "unsupported_currency" | "invalid_method" | "missing_paypal_id" | "missing_bank_fields" | "destination_refused" | "destination_quarantined" | "bank_account_not_found" | "bank_account_not_verified" | "insufficient_balance" | "withdrawal_refused" | "otp_required" | "otp_invalid" | "invalid_idempotency_key" | "unauthorized" | "forbidden" | "own_withdrawal" | "own_proposal" | "user_not_found" | "withdrawal_not_found" | "provider_not_found" | "batch_not_found" | "file_not_found" | "difference_not_found" | "endpoint_not_found" | "delivery_not_found" | "reconciliation_not_found" | "notice_not_found" | "quarantine_not_found" | "code_lock_not_found" | "approval_not_found" | "policy_not_found" | "route_not_found" | "body_too_slow" | "idempotency_key_in_use" | "too_many_open_withdrawals" | "limit_reached" | "quote_changed" | "not_cancelable" | "action_not_possible" | "changed_meanwhile" | "already_proposed" | "already_decided" | "withdrawals_stopped" | "body_too_large" | "unsupported_media_type" | "idempotency_key_reused" | "settings_not_working" | "endpoint_refused" | "too_many_requests" | "otp_locked" | "user_lookup_failed" | "create_failed" | "list_failed" | "internal_error" | "lists_busy" | "not_ready" | "exchange_unavailable";
            id: string;
            message?: string;
            ok: boolean;
            withdrawal?: components["schemas"]["OperatorWithdrawal"];
        };
        Stop: {
            by?: string;
            message?: string;
            reason?: string;
            /** Format: date-time */
            since?: string;
            stopped: boolean;
            under_way?: number;
            version: number;
        };
        StoredAccount: {
            /** @description Masked. */
            account: string;
            account_holder?: string;
            bank?: string;
            country?: string;
            /** @description To send as `bank_id`. */
            id: string;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            verified: boolean;
        };
        TakenIn: {
            approval?: components["schemas"]["Approval"];
            document_id: string;
            held?: number;
            matched: number;
            problems: string[];
            repeated: boolean;
        };
        TimelineStep: {
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            reason_code?: "account_closed" | "account_not_found" | "account_blocked" | "name_mismatch" | "invalid_identifier" | "currency_not_supported" | "amount_too_small" | "amount_too_large" | "receiver_unverified" | "receiver_refused" | "expired_unclaimed" | "duplicate_business" | "compliance" | "provider_declined" | "insufficient_balance" | "hold_refused" | "canceled_by_user" | "canceled_at_exchange" | "refused_by_exchange" | "canceled_by_operator" | "insufficient_float" | "rate_limited" | "provider_unavailable" | "provider_paused" | "stopped" | "batch_refused" | "cut_off" | "confirming" | "exchange_unavailable" | "code_not_checked" | "under_review" | "held_by_exchange" | "destination_unreadable" | "held_by_operator" | "above_ceiling" | "limit_reached" | "cooling_off" | "row_changed" | "hold_changed" | "hold_missing" | "hold_mismatch" | "paid_but_released" | "released_but_settled" | "amount_mismatch" | "unresolved" | "refused_alone" | "vanished" | "credit_refused" | "credit_mismatch" | "paid_under_retired_key" | "duplicate_reference" | "row_lost";
            /** @enum {string} */
            stage: "queued" | "under_review" | "sending" | "with_bank" | "confirming" | "completing" | "canceling" | "completed" | "canceled" | "returning" | "returned" | "being_checked";
        };
        Withdrawal: {
            account_holder?: string;
            /** @description What was asked for. */
            amount: number;
            bank?: string;
            /** @description Whether it could be canceled now. */
            cancelable: boolean;
            /** @description Whether `status` is `processed`. */
            completed: boolean;
            /** Format: date-time */
            created_at: string;
            currency: string;
            /**
             * Format: date-time
             * @description While pending: when the money usually arrives. Left out where that hangs on somebody.
             */
            eta?: string;
            /** @description The exchange’s. */
            fee: number;
            /** @description As its owner gave it; masked where the key it was sealed with is gone. */
            iban?: string;
            id: string;
            /** @enum {string} */
            method: "BANK" | "PAYPAL";
            /** @description What the beneficiary gets, where the fee is taken off the amount. */
            payout_amount?: number;
            paypal_id?: string;
            provider: string;
            /** @description The bank’s reference of the executed payment. */
            provider_transaction_id?: string;
            /** @description The same for people. */
            reason?: string;
            /**
             * @description Why it waits or ended, for machines.
             * @enum {string}
             */
            reason_code?: "account_closed" | "account_not_found" | "account_blocked" | "name_mismatch" | "invalid_identifier" | "currency_not_supported" | "amount_too_small" | "amount_too_large" | "receiver_unverified" | "receiver_refused" | "expired_unclaimed" | "duplicate_business" | "compliance" | "provider_declined" | "insufficient_balance" | "hold_refused" | "canceled_by_user" | "canceled_at_exchange" | "refused_by_exchange" | "canceled_by_operator" | "insufficient_float" | "rate_limited" | "provider_unavailable" | "provider_paused" | "stopped" | "batch_refused" | "cut_off" | "confirming" | "exchange_unavailable" | "code_not_checked" | "under_review" | "held_by_exchange" | "destination_unreadable" | "held_by_operator" | "above_ceiling" | "limit_reached" | "cooling_off" | "row_changed" | "hold_changed" | "hold_missing" | "hold_mismatch" | "paid_but_released" | "released_but_settled" | "amount_mismatch" | "unresolved" | "refused_alone" | "vanished" | "credit_refused" | "credit_mismatch" | "paid_under_retired_key" | "duplicate_reference" | "row_lost";
            /**
             * @description The finer word for people.
             * @enum {string}
             */
            stage: "queued" | "under_review" | "sending" | "with_bank" | "confirming" | "completing" | "canceling" | "completed" | "canceled" | "returning" | "returned" | "being_checked";
            /**
             * @description `processed`: paid. `canceled`: not paid, or returned; the balance is the user’s again.
             * @enum {string}
             */
            status: "pending" | "processed" | "canceled";
            swift?: string;
            /** @description The burn at the exchange; once processed, the id it got when it was settled. */
            transaction_id: string;
            /** Format: date-time */
            updated_at: string;
        };
        WithdrawalWithTimeline: components["schemas"]["Withdrawal"] & {
            timeline: components["schemas"]["TimelineStep"][];
        };
    };
    responses: {
        /** @description `action_not_possible` */
        action_not_possible: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "action_not_possible";
                };
            };
        };
        /** @description `action_not_possible`, `already_proposed` */
        action_not_possible_or_already_proposed: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "action_not_possible" | "already_proposed";
                };
            };
        };
        /** @description `action_not_possible`, `changed_meanwhile` */
        action_not_possible_or_changed_meanwhile: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "action_not_possible" | "changed_meanwhile";
                };
            };
        };
        /** @description `already_decided`, `changed_meanwhile` */
        already_decided_or_changed_meanwhile: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "already_decided" | "changed_meanwhile";
                };
            };
        };
        /** @description `approval_not_found` */
        approval_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "approval_not_found";
                };
            };
        };
        /** @description `batch_not_found` */
        batch_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "batch_not_found";
                };
            };
        };
        /** @description `body_too_large` */
        body_too_large: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "body_too_large";
                };
            };
        };
        /** @description `body_too_slow` */
        body_too_slow: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "body_too_slow";
                };
            };
        };
        /** @description `changed_meanwhile` */
        changed_meanwhile: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "changed_meanwhile";
                };
            };
        };
        /** @description `changed_meanwhile`, `action_not_possible` */
        changed_meanwhile_or_action_not_possible: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "changed_meanwhile" | "action_not_possible";
                };
            };
        };
        /** @description `changed_meanwhile`, `already_proposed` */
        changed_meanwhile_or_already_proposed: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "changed_meanwhile" | "already_proposed";
                };
            };
        };
        /** @description `code_lock_not_found` */
        code_lock_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "code_lock_not_found";
                };
            };
        };
        /** @description `delivery_not_found` */
        delivery_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "delivery_not_found";
                };
            };
        };
        /** @description `difference_not_found` */
        difference_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "difference_not_found";
                };
            };
        };
        /** @description `endpoint_not_found` */
        endpoint_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "endpoint_not_found";
                };
            };
        };
        /** @description `endpoint_refused` */
        endpoint_refused: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "endpoint_refused";
                };
            };
        };
        /** @description `file_not_found` */
        file_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "file_not_found";
                };
            };
        };
        /** @description `file_not_found`, `provider_not_found` */
        file_not_found_or_provider_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "file_not_found" | "provider_not_found";
                };
            };
        };
        /** @description `forbidden` */
        forbidden: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "forbidden";
                };
            };
        };
        /** @description `forbidden`, `own_withdrawal` */
        forbidden_or_own_withdrawal: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "forbidden" | "own_withdrawal";
                };
            };
        };
        /** @description `idempotency_key_reused` */
        idempotency_key_reused: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "idempotency_key_reused";
                };
            };
        };
        /** @description `internal_error` */
        internal_error: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "internal_error";
                };
            };
        };
        /** @description `internal_error`, `list_failed` */
        internal_error_or_list_failed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "internal_error" | "list_failed";
                };
            };
        };
        /** @description `internal_error`, `user_lookup_failed` */
        internal_error_or_user_lookup_failed: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "internal_error" | "user_lookup_failed";
                };
            };
        };
        /** @description `invalid_request` */
        invalid_request: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "invalid_request";
                };
            };
        };
        /** @description `invalid_request`, `invalid_json` */
        invalid_request_or_invalid_json: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "invalid_request" | "invalid_json";
                };
            };
        };
        /** @description `invalid_request`, `list_too_long` */
        invalid_request_or_list_too_long: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "invalid_request" | "list_too_long";
                };
            };
        };
        /** @description `not_cancelable`, `changed_meanwhile` */
        not_cancelable_or_changed_meanwhile: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "not_cancelable" | "changed_meanwhile";
                };
            };
        };
        /** @description `not_ready` */
        not_ready: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "not_ready";
                };
            };
        };
        /** @description `not_ready`, `exchange_unavailable` */
        not_ready_or_exchange_unavailable: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "not_ready" | "exchange_unavailable";
                };
            };
        };
        /** @description `not_ready`, `lists_busy` */
        not_ready_or_lists_busy: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "not_ready" | "lists_busy";
                };
            };
        };
        /** @description `notice_not_found` */
        notice_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "notice_not_found";
                };
            };
        };
        /** @description `policy_not_found` */
        policy_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "policy_not_found";
                };
            };
        };
        /** @description `provider_not_found` */
        provider_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "provider_not_found";
                };
            };
        };
        /** @description `quarantine_not_found` */
        quarantine_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "quarantine_not_found";
                };
            };
        };
        /** @description `reconciliation_not_found` */
        reconciliation_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "reconciliation_not_found";
                };
            };
        };
        /** @description `route_not_found` */
        route_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "route_not_found";
                };
            };
        };
        /** @description `settings_not_working` */
        settings_not_working: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "settings_not_working";
                };
            };
        };
        /** @description `too_many_requests` */
        too_many_requests: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "too_many_requests";
                };
            };
        };
        /** @description `too_many_requests`, `otp_locked` */
        too_many_requests_or_otp_locked: {
            headers: {
                "Retry-After": components["headers"]["RetryAfter"];
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "too_many_requests" | "otp_locked";
                };
            };
        };
        /** @description `unauthorized` */
        unauthorized: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "unauthorized";
                };
            };
        };
        /** @description `unsupported_media_type` */
        unsupported_media_type: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "unsupported_media_type";
                };
            };
        };
        /** @description `user_not_found` */
        user_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "user_not_found";
                };
            };
        };
        /** @description `withdrawal_not_found` */
        withdrawal_not_found: {
            headers: {
                "X-Request-Id": components["headers"]["RequestId"];
                [name: string]: unknown;
            };
            content: {
                "application/json": components["schemas"]["Error"] & {
                    /** @enum {unknown} */
                    code?: "withdrawal_not_found";
                };
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description The payee’s own name or account was in what was typed about the withdrawal: `[payee]` is stored in their place, and what was asked for happened. Left out where nothing was masked. */
        ReasonMasked: "payee";
        /** @description The request’s own, if it was harmless, else a new one. */
        RequestId: string;
        /** @description In so many seconds. */
        RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    findWithdrawals: {
        parameters: {
            query?: {
                currency?: string;
                end_date?: string;
                format?: "csv";
                limit?: number;
                order?: "asc" | "desc";
                order_by?: "created_at" | "updated_at" | "amount" | "currency" | "status" | "id";
                page?: number;
                start_date?: string;
                status?: "pending" | "processed" | "canceled";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `count` is of all pages, exact up to 10,000. With `format=csv` a file of all pages. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                        data: components["schemas"]["Withdrawal"][];
                        /** @description Whether there are more than the counts say. */
                        more: boolean;
                    };
                    "text/csv": string;
                };
            };
            400: components["responses"]["invalid_request_or_list_too_long"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error_or_list_failed"];
            503: components["responses"]["not_ready_or_lists_busy"];
        };
    };
    createWithdrawal: {
        parameters: {
            query?: never;
            header?: {
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank?: components["schemas"]["Nothing"];
                    /** @description An account at hand. What else than `iban` the provider needs, `GET /options` lists. */
                    bank_account: {
                        account_holder?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        account_number?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        bank?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        building?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        country?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        iban: components["schemas"]["AccountIdentifier"];
                        postcode?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        routing_number?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        sort_code?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        street?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                        swift?: components["schemas"]["AccountIdentifier"] | components["schemas"]["Nothing"];
                        town?: components["schemas"]["Line"] | components["schemas"]["Nothing"];
                    };
                    bank_id?: components["schemas"]["Nothing"];
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    /** @description `leaves_balance` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_leaves_balance?: (string | number) | components["schemas"]["Nothing"];
                    /** @description `payout_amount` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_payout_amount?: (string | number) | components["schemas"]["Nothing"];
                    iban?: components["schemas"]["Nothing"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "BANK" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id?: components["schemas"]["Nothing"];
                    swift?: components["schemas"]["Nothing"];
                } | {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank?: components["schemas"]["Nothing"];
                    /** @description The id of an account that is stored and verified at the exchange. */
                    bank_account: string | number;
                    bank_id?: components["schemas"]["Nothing"];
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    /** @description `leaves_balance` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_leaves_balance?: (string | number) | components["schemas"]["Nothing"];
                    /** @description `payout_amount` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_payout_amount?: (string | number) | components["schemas"]["Nothing"];
                    iban?: components["schemas"]["Nothing"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "BANK" | "PAYPAL" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id?: components["schemas"]["Nothing"];
                    swift?: components["schemas"]["Nothing"];
                } | {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank?: components["schemas"]["Nothing"];
                    bank_account?: components["schemas"]["Nothing"];
                    /** @description The id of an account that is stored and verified at the exchange. */
                    bank_id: string | number;
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    /** @description `leaves_balance` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_leaves_balance?: (string | number) | components["schemas"]["Nothing"];
                    /** @description `payout_amount` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_payout_amount?: (string | number) | components["schemas"]["Nothing"];
                    iban?: components["schemas"]["Nothing"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "BANK" | "PAYPAL" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id?: components["schemas"]["Nothing"];
                    swift?: components["schemas"]["Nothing"];
                } | {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank: components["schemas"]["Line"];
                    bank_account?: components["schemas"]["Nothing"];
                    bank_id?: components["schemas"]["Nothing"];
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    /** @description `leaves_balance` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_leaves_balance?: (string | number) | components["schemas"]["Nothing"];
                    /** @description `payout_amount` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_payout_amount?: (string | number) | components["schemas"]["Nothing"];
                    iban: components["schemas"]["AccountIdentifier"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "BANK" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id?: components["schemas"]["Nothing"];
                    swift: components["schemas"]["AccountIdentifier"];
                } | {
                    /**
                     * @description A decimal string, or a number of at most 15 significant digits. More decimals than the currency has are refused, never rounded.
                     * @example 25.00
                     */
                    amount: string | number;
                    bank?: components["schemas"]["Nothing"];
                    bank_account?: components["schemas"]["Nothing"];
                    bank_id?: components["schemas"]["Nothing"];
                    /**
                     * @description The exchange’s symbol, in any case.
                     * @example eur
                     */
                    currency: string;
                    /** @description `leaves_balance` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_leaves_balance?: (string | number) | components["schemas"]["Nothing"];
                    /** @description `payout_amount` of the quote that was confirmed: where it would be another now, nothing is stored or locked (`quote_changed`). */
                    expected_payout_amount?: (string | number) | components["schemas"]["Nothing"];
                    iban?: components["schemas"]["Nothing"];
                    /**
                     * @description May be left out where the destination tells.
                     * @enum {unknown}
                     */
                    method?: "PAYPAL" | "" | null;
                    /** @description Where the user has one-time codes on; one code lets one withdrawal pass. */
                    otp_code?: string | null;
                    paypal_id: string;
                    swift?: components["schemas"]["Nothing"];
                };
            };
        };
        responses: {
            /** @description It is stored and will end in an outcome; `status` says whether it has, and in which. */
            200: {
                headers: {
                    "Idempotency-Replayed"?: "true";
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Withdrawal"];
                };
            };
            /** @description `invalid_request`, `invalid_json`, `invalid_amount`, `amount_out_of_range`, `unsupported_currency`, `invalid_method`, `missing_paypal_id`, `missing_bank_fields`, `unknown_field`, `destination_refused`, `destination_quarantined`, `bank_account_not_found`, `bank_account_not_verified`, `insufficient_balance`, `withdrawal_refused`, `otp_required`, `otp_invalid`, `invalid_idempotency_key` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json" | "invalid_amount" | "amount_out_of_range" | "unsupported_currency" | "invalid_method" | "missing_paypal_id" | "missing_bank_fields" | "unknown_field" | "destination_refused" | "destination_quarantined" | "bank_account_not_found" | "bank_account_not_verified" | "insufficient_balance" | "withdrawal_refused" | "otp_required" | "otp_invalid" | "invalid_idempotency_key";
                    };
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["user_not_found"];
            408: components["responses"]["body_too_slow"];
            /** @description `too_many_open_withdrawals`, `limit_reached`, `idempotency_key_in_use`, `withdrawals_stopped`, `quote_changed` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "too_many_open_withdrawals" | "limit_reached" | "idempotency_key_in_use" | "withdrawals_stopped" | "quote_changed";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["idempotency_key_reused"];
            429: components["responses"]["too_many_requests_or_otp_locked"];
            /** @description `internal_error`, `user_lookup_failed`, `create_failed` */
            500: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "internal_error" | "user_lookup_failed" | "create_failed";
                    };
                };
            };
            503: components["responses"]["not_ready_or_exchange_unavailable"];
        };
    };
    getWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is now, with each stage it went through. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WithdrawalWithTimeline"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["withdrawal_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    cancelWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `canceled`, or `pending` while the exchange has not confirmed it. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Withdrawal"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["not_cancelable_or_changed_meanwhile"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getDesk: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It asks for a token. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["invalid_request"];
            404: components["responses"]["route_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                limit?: number;
                open?: "true" | "false";
                subject?: string;
                subject_kind?: "withdrawal" | "provider" | "stop" | "file" | "policy" | "settings" | "endpoint";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Approval"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["approval_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    confirmApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            /** @description `invalid_request`, `invalid_json`, `invalid_policy` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json" | "invalid_policy";
                    };
                };
            };
            401: components["responses"]["unauthorized"];
            /** @description `forbidden`, `own_proposal`, `own_withdrawal` */
            403: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "forbidden" | "own_proposal" | "own_withdrawal";
                    };
                };
            };
            /** @description `approval_not_found`, `provider_not_found`, `file_not_found` */
            404: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "approval_not_found" | "provider_not_found" | "file_not_found";
                    };
                };
            };
            408: components["responses"]["body_too_slow"];
            /** @description `already_decided`, `changed_meanwhile`, `action_not_possible` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "already_decided" | "changed_meanwhile" | "action_not_possible";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["endpoint_refused"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready_or_exchange_unavailable"];
        };
    };
    refuseApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Approval"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["approval_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["already_decided_or_changed_meanwhile"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                actor?: string;
                before?: string;
                format?: "csv" | "json";
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `next` is `before` of the next page. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["AuditEntry"][];
                        next?: string;
                    };
                    "text/csv": string;
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listBatches: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                provider?: string;
                state?: "sending" | "sent" | "refused" | "in_doubt";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Batch"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getBatch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchWithItems"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["batch_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    previewBatches: {
        parameters: {
            query?: {
                provider?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ReadyGroup"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    runBatches: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    provider?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["BatchRun"][];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["provider_not_found"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listCodeLocks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** Format: date-time */
                            last_at: string;
                            /** Format: date-time */
                            locked_until?: string;
                            user_id: number;
                            wrong_codes: number;
                        }[];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    liftCodeLock: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        lifted: true;
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["code_lock_not_found"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                before?: string;
                endpoint?: string;
                limit?: number;
                state?: "waiting" | "delivered" | "dead";
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Delivery"][];
                        next?: string;
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getDelivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryWithPayload"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["delivery_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    sendDeliveryAgain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        waiting: true;
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["delivery_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["action_not_possible"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listDifferences: {
        parameters: {
            query?: {
                open?: "true" | "false";
                withdrawal_id?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Difference"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    resolveDifference: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        resolved: true;
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["difference_not_found"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    takeInLost: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    provider?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["difference_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["action_not_possible_or_changed_meanwhile"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready_or_exchange_unavailable"];
        };
    };
    resolveDifferences: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                kind: string;
                withdrawalId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        resolved: true;
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["difference_not_found"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listEndpoints: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        can_seal: boolean;
                        data: components["schemas"]["EndpointShown"][];
                        kinds: {
                            [key: string]: string[];
                        };
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    createEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @enum {string} */
                    audience: "systems" | "operators";
                    /** @description An empty one is all there are. */
                    kinds?: string[];
                    name: string;
                    on?: boolean;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    url: string;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointWithSecret"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                        /** @description Shown once; it signs when another operator has confirmed it. */
                        secret?: string;
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["endpoint_refused"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    changeEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description An empty one is all there are. */
                    kinds?: string[];
                    name?: string;
                    on?: boolean;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    url?: string;
                    version: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["endpoint_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_already_proposed"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["endpoint_refused"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    removeEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    version: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Endpoint"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["endpoint_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_already_proposed"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    rotateSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @default 24 */
                    keep_hours?: number;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    version: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointWithSecret"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                        /** @description Shown once; it signs when another operator has confirmed it. */
                        secret?: string;
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["endpoint_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_already_proposed"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["endpoint_refused"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    testEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointTried"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["endpoint_not_found"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listEndpointVersions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Endpoint"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["endpoint_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    tryEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    url: string;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EndpointTried"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["endpoint_refused"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listFiles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["OutboxFile"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["provider_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    handInReport: {
        parameters: {
            query: {
                name?: string;
                reason: string;
            };
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        /** @description The file as it is. */
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description It counts. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenIn"];
                };
            };
            /** @description Some of it waits for another operator. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TakenIn"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["provider_not_found"];
            413: components["responses"]["body_too_large"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getFile: {
        parameters: {
            query: {
                reason: string;
            };
            header?: never;
            path: {
                name: string;
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its bytes. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                    "application/xml": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["file_not_found_or_provider_not_found"];
            409: components["responses"]["action_not_possible"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    voidFile: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                provider: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        matched: number;
                        /** @constant */
                        voided: true;
                    };
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["file_not_found_or_provider_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["action_not_possible_or_already_proposed"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listReports: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["BankReport"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["provider_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getReport: {
        parameters: {
            query: {
                reason: string;
            };
            header?: never;
            path: {
                document: string;
                provider: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its bytes. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                    "application/xml": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["file_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listFloat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Float"][];
                        funding_calls: components["schemas"]["FundingCall"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    enterFloat: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description 0 or more, as a decimal of the currency. */
                    available: string | number;
                    currency: string;
                    provider: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Float"];
                };
            };
            /** @description `invalid_request`, `invalid_json`, `unsupported_currency` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json" | "unsupported_currency";
                    };
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["provider_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listNotices: {
        parameters: {
            query?: {
                open?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Notice"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listNoticeItems: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["NoticeItem"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["notice_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getOverview: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overview"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyShown"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    changePolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description As it is answered; what is left out stays as it is. */
                    policy: Record<string, never>;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyInForce"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            /** @description `invalid_request`, `invalid_json`, `invalid_policy` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json" | "invalid_policy";
                    };
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            /** @description `changed_meanwhile`, `already_proposed`, `action_not_possible` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "changed_meanwhile" | "already_proposed" | "action_not_possible";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    tryPolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description As it is answered; what is left out stays as it is. */
                    policy: Record<string, never>;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyDryRun"];
                };
            };
            /** @description `invalid_request`, `invalid_json`, `invalid_policy` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json" | "invalid_policy";
                    };
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    restorePolicy: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    to: number;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyInForce"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            /** @description `invalid_request`, `invalid_json`, `invalid_policy` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json" | "invalid_policy";
                    };
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["policy_not_found"];
            408: components["responses"]["body_too_slow"];
            /** @description `changed_meanwhile`, `already_proposed`, `action_not_possible` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "changed_meanwhile" | "already_proposed" | "action_not_possible";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listPolicyVersions: {
        parameters: {
            query?: {
                before?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["PolicyVersion"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listProofs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            /** Format: date-time */
                            closed_at: string;
                            day: string;
                            hash: string;
                            signature?: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getProof: {
        parameters: {
            query?: {
                format?: "csv" | "json";
            };
            header?: never;
            path: {
                day: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `hash` is SHA-256 over `content`, to the letter. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Proof"];
                    "text/csv": string;
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listProviders: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["Provider"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    pauseProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["provider_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    resumeProvider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Provider"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["provider_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_already_proposed"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listQuarantine: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: {
                            destination: string;
                            destination_hash: string;
                            reason_code: string;
                            /** Format: date-time */
                            since: string;
                            user_id: number;
                            withdrawal_id: string;
                        }[];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    liftQuarantine: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                hash: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    user_id?: number;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        lifted: true;
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["quarantine_not_found"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listReconciliations: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["ReconciliationRun"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    reconcile: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    since?: string;
                    until?: string;
                };
            };
        };
        responses: {
            /** @description It has begun. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationRun"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["action_not_possible"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getReconciliation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReconciliationRun"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["reconciliation_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsShown"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    saveSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    /** @description Also where a provider did not answer or said no. */
                    untried?: boolean;
                    /** @description By full name; `null` or empty for what is to be set no more. */
                    values: Record<string, never>;
                    version: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsSaved"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_already_proposed"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["settings_not_working"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    trySettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description By full name; `null` or empty for what is to be set no more. */
                    values: Record<string, never>;
                    version: number;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsTried"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    undoSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    to: number;
                    /** @description Also where a provider did not answer or said no. */
                    untried?: boolean;
                    version: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsSaved"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_already_proposed"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            422: components["responses"]["settings_not_working"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    listSettingsVersions: {
        parameters: {
            query?: {
                before?: number;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SettingsVersion"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getStop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stop"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    stopEverything: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description For users. */
                    message?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stop"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    liftStop: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stop"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            408: components["responses"]["body_too_slow"];
            /** @description `changed_meanwhile`, `already_proposed`, `action_not_possible` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "changed_meanwhile" | "already_proposed" | "action_not_possible";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    searchWithdrawals: {
        parameters: {
            query?: {
                account?: string;
                currency?: string;
                end_date?: string;
                format?: "csv";
                limit?: number;
                offset?: number;
                provider?: string;
                q?: string;
                start_date?: string;
                state?: string;
                user_id?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `count` is exact up to 10,000. With `format=csv` a file. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        count: number;
                        data: components["schemas"]["OperatorWithdrawal"][];
                        /** Format: date-time */
                        looked_back_to?: string;
                        more: boolean;
                    };
                    "text/csv": string;
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    inspectWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawalWithJournal"];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["withdrawal_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    approveWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    evidence?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    transaction_id?: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            /** @description `changed_meanwhile`, `action_not_possible`, `already_proposed` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "changed_meanwhile" | "action_not_possible" | "already_proposed";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    approveReturnWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    evidence?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    transaction_id?: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            /** @description `changed_meanwhile`, `action_not_possible`, `already_proposed` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "changed_meanwhile" | "action_not_possible" | "already_proposed";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getEvidence: {
        parameters: {
            query: {
                format?: "html" | "json";
                reason: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON, or with `format=html` a page to print. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                    "text/html": string;
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["withdrawal_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    holdWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    evidence?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    transaction_id?: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_action_not_possible"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    rejectWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    evidence?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    transaction_id?: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_action_not_possible"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    resolveWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    evidence?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    /** @enum {string} */
                    to: "settling" | "releasing" | "in_doubt" | "processed" | "canceled" | "returning" | "returned";
                    transaction_id?: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            /** @description `invalid_request`, `invalid_json`, `evidence_required` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json" | "evidence_required";
                    };
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            /** @description `changed_meanwhile`, `action_not_possible`, `already_proposed` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "changed_meanwhile" | "action_not_possible" | "already_proposed";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready_or_exchange_unavailable"];
        };
    };
    resumeWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    evidence?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    transaction_id?: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            /** @description `changed_meanwhile`, `action_not_possible`, `already_proposed` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "changed_meanwhile" | "action_not_possible" | "already_proposed";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    retryWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    evidence?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    transaction_id?: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_action_not_possible"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    sendAgainWithdrawal: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    evidence?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    transaction_id?: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            /** @description Nothing has happened: another operator has to confirm it. */
            202: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        approval: components["schemas"]["Approval"];
                    };
                };
            };
            /** @description `invalid_request`, `invalid_json`, `evidence_required` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_json" | "evidence_required";
                    };
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            /** @description `changed_meanwhile`, `action_not_possible`, `already_proposed` */
            409: {
                headers: {
                    "Retry-After": components["headers"]["RetryAfter"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "changed_meanwhile" | "action_not_possible" | "already_proposed";
                    };
                };
            };
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    stopWithdrawalPayout: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    evidence?: string;
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    transaction_id?: string;
                    /** @description The number that was shown: where it has moved on since, nothing happens. */
                    version?: number;
                };
            };
        };
        responses: {
            /** @description It was done. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OperatorWithdrawal"];
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden_or_own_withdrawal"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            409: components["responses"]["changed_meanwhile_or_action_not_possible"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    decideSeveral: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                action: "approve" | "reject" | "hold" | "resume" | "retry";
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Each once. */
                    items: {
                        id: string;
                        version: number;
                    }[];
                    /**
                     * @description Why; kept with who it was.
                     * @example Checked by phone
                     */
                    reason: string;
                    /** @description Their sums by currency, which the person who decides has seen. */
                    totals: {
                        [key: string]: number | string;
                    };
                };
            };
        };
        responses: {
            /** @description As it is. */
            200: {
                headers: {
                    "Reason-Masked": components["headers"]["ReasonMasked"];
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        data: components["schemas"]["SeveralResult"][];
                    };
                };
            };
            400: components["responses"]["invalid_request_or_invalid_json"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["withdrawal_not_found"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            415: components["responses"]["unsupported_media_type"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description In a kit there is none. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            400: components["responses"]["invalid_request"];
            404: components["responses"]["route_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getDocsFile: {
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
            /** @description Kept for a year under its own name. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/css": string;
                    "text/javascript": string;
                    "text/plain": string;
                };
            };
            400: components["responses"]["invalid_request"];
            404: components["responses"]["route_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It can. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        degraded?: string[];
                        details?: string[];
                        live: boolean;
                        problems: string[];
                        ready: boolean;
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            500: components["responses"]["internal_error"];
            /** @description It cannot: `problems` say why. */
            503: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        degraded?: string[];
                        details?: string[];
                        live: boolean;
                        problems: string[];
                        ready: boolean;
                    };
                };
            };
        };
    };
    getLiveness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It does. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        live: true;
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            500: components["responses"]["internal_error"];
        };
    };
    listWithdrawals: {
        parameters: {
            query?: {
                draw?: number;
                limit?: number;
                offset?: number;
                order?: "asc" | "desc";
                search?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Newest first. The totals are exact up to 10,000. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        draw: number;
                        /** @description Whether there are more than the counts say. */
                        more: boolean;
                        recordsFiltered: number;
                        recordsTotal: number;
                        withdrawals: components["schemas"]["Withdrawal"][];
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error_or_list_failed"];
            503: components["responses"]["not_ready_or_lists_busy"];
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its text format. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    getDescription: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
        };
    };
    getOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description `min`, `max` and `decimals` are the tighter of the exchange’s and the provider’s. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CurrencyOptions"][];
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["user_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error_or_user_lookup_failed"];
            503: components["responses"]["not_ready_or_exchange_unavailable"];
        };
    };
    getQuote: {
        parameters: {
            query: {
                amount: string;
                currency: string;
                method: "BANK" | "PAYPAL";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What a person confirms. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Quote"];
                };
            };
            /** @description `invalid_request`, `invalid_amount`, `unsupported_currency`, `invalid_method`, `amount_out_of_range`, `insufficient_balance`, `withdrawal_refused` */
            400: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"] & {
                        /** @enum {unknown} */
                        code?: "invalid_request" | "invalid_amount" | "unsupported_currency" | "invalid_method" | "amount_out_of_range" | "insufficient_balance" | "withdrawal_refused";
                    };
                };
            };
            401: components["responses"]["unauthorized"];
            403: components["responses"]["forbidden"];
            404: components["responses"]["user_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error_or_user_lookup_failed"];
            503: components["responses"]["not_ready_or_exchange_unavailable"];
        };
    };
    getUsersPage: {
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
            /** @description Kept for a year under its own name. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "text/javascript": string;
                };
            };
            400: components["responses"]["invalid_request"];
            404: components["responses"]["route_not_found"];
            429: components["responses"]["too_many_requests"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    receiveEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
            };
            cookie?: never;
        };
        /** @description As the provider sends it, at most 256 kB: its signature is over the bytes. */
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Taken care of, whether it was known, new or of no use. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        received: true;
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["route_not_found"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
    receiveEventBySecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider: string;
                secret: string;
            };
            cookie?: never;
        };
        /** @description As the provider sends it, at most 256 kB: its signature is over the bytes. */
        requestBody: {
            content: {
                "*/*": unknown;
            };
        };
        responses: {
            /** @description Taken care of, whether it was known, new or of no use. */
            200: {
                headers: {
                    "X-Request-Id": components["headers"]["RequestId"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @constant */
                        received: true;
                    };
                };
            };
            400: components["responses"]["invalid_request"];
            401: components["responses"]["unauthorized"];
            404: components["responses"]["route_not_found"];
            408: components["responses"]["body_too_slow"];
            413: components["responses"]["body_too_large"];
            500: components["responses"]["internal_error"];
            503: components["responses"]["not_ready"];
        };
    };
}

/** What each error code is answered with. */
export interface StatusByCode {
  invalid_request: 400
  list_too_long: 400
  invalid_json: 400
  unknown_field: 400
  evidence_required: 400
  invalid_policy: 400
  invalid_amount: 400
  amount_out_of_range: 400
  unsupported_currency: 400
  invalid_method: 400
  missing_paypal_id: 400
  missing_bank_fields: 400
  destination_refused: 400
  destination_quarantined: 400
  bank_account_not_found: 400
  bank_account_not_verified: 400
  insufficient_balance: 400
  withdrawal_refused: 400
  otp_required: 400
  otp_invalid: 400
  invalid_idempotency_key: 400
  unauthorized: 401
  forbidden: 403
  own_withdrawal: 403
  own_proposal: 403
  user_not_found: 404
  withdrawal_not_found: 404
  provider_not_found: 404
  batch_not_found: 404
  file_not_found: 404
  difference_not_found: 404
  endpoint_not_found: 404
  delivery_not_found: 404
  reconciliation_not_found: 404
  notice_not_found: 404
  quarantine_not_found: 404
  code_lock_not_found: 404
  approval_not_found: 404
  policy_not_found: 404
  route_not_found: 404
  body_too_slow: 408
  idempotency_key_in_use: 409
  too_many_open_withdrawals: 409
  limit_reached: 409
  quote_changed: 409
  not_cancelable: 409
  action_not_possible: 409
  changed_meanwhile: 409
  already_proposed: 409
  already_decided: 409
  withdrawals_stopped: 409
  body_too_large: 413
  unsupported_media_type: 415
  idempotency_key_reused: 422
  settings_not_working: 422
  endpoint_refused: 422
  too_many_requests: 429
  otp_locked: 429
  user_lookup_failed: 500
  create_failed: 500
  list_failed: 500
  internal_error: 500
  lists_busy: 503
  not_ready: 503
  exchange_unavailable: 503
}
