package api

// route is one operation of the API.
type route struct {
	method, path string
	handle       func(*call) error
	// open routes need no caller; what they answer is for everybody.
	open bool
	// limit of the body in bytes; 0 for the usual one.
	limit int64
	// keeps says that the handler honours the Idempotency-Key itself: in its transaction, or not at all because the
	// answer holds a secret.
	keeps bool
	// streams says that the body is not read into memory.
	streams bool
	// asks says that a POST only reads: no Idempotency-Key, the time of a read.
	asks bool
}

const (
	prefix = "/api/v1"

	jsonLimit = 1 << 20
	bulkLimit = 32 << 20
	fileLimit = 100 << 20
)

// routes is every operation there is.
func (s *Server) routes() []route {
	const app, form = prefix + "/apps/:app", prefix + "/apps/:app/forms/:form"
	const records, rec = form + "/records", form + "/records/:id"
	const definition = app + "/definitions/:kind/:key"
	return []route{
		{method: "GET", path: "/healthz", handle: s.health, open: true},
		{method: "GET", path: "/readyz", handle: s.ready, open: true},
		{method: "GET", path: "/metrics", handle: s.exposition, open: true},
		{method: "GET", path: prefix + "/openapi.json", handle: s.openAPI, open: true},
		{method: "GET", path: prefix + "/schemas/:kind", handle: s.metaSchema, open: true},

		{method: "GET", path: prefix + "/setup", handle: s.setupState, open: true},
		{method: "POST", path: prefix + "/setup", handle: s.setup, open: true, keeps: true},
		{method: "POST", path: prefix + "/auth/login", handle: s.login, open: true, keeps: true},
		{method: "POST", path: prefix + "/auth/logout", handle: s.logout, keeps: true},
		{method: "GET", path: prefix + "/me", handle: s.me},
		{method: "PATCH", path: prefix + "/me", handle: s.patchMe},
		{method: "POST", path: prefix + "/me/password", handle: s.changePassword, keeps: true},
		{method: "DELETE", path: prefix + "/me/sessions", handle: s.endSessions, keeps: true},
		{method: "GET", path: prefix + "/me/preferences", handle: s.preferences},
		{method: "PATCH", path: prefix + "/me/preferences", handle: s.patchPreferences},
		{method: "GET", path: prefix + "/me/favourites", handle: s.favourites},
		{method: "PUT", path: prefix + "/me/favourites/:form/:id", handle: s.markFavourite},
		{method: "DELETE", path: prefix + "/me/favourites/:form/:id", handle: s.unmarkFavourite},
		{method: "GET", path: prefix + "/search", handle: s.search},
		{method: "GET", path: prefix + "/tokens", handle: s.listTokens},
		{method: "POST", path: prefix + "/tokens", handle: s.createToken, keeps: true},
		{method: "DELETE", path: prefix + "/tokens/:id", handle: s.deleteToken},
		{method: "GET", path: prefix + "/workspace", handle: s.workspace},
		{method: "PATCH", path: prefix + "/workspace", handle: s.patchWorkspace},

		{method: "GET", path: prefix + "/templates", handle: s.listTemplates},
		{method: "GET", path: prefix + "/templates/:key/pictures/:name", handle: s.templatePicture},
		{method: "POST", path: prefix + "/templates/:key/install", handle: s.installTemplate},

		{method: "GET", path: prefix + "/apps", handle: s.listApps},
		{method: "GET", path: app, handle: s.getApp},
		{method: "GET", path: app + "/openapi.json", handle: s.appOpenAPI},
		{method: "GET", path: app + "/definitions", handle: s.listDefinitions},
		{method: "GET", path: definition, handle: s.getDefinition},
		{method: "PUT", path: definition, handle: s.putDefinition},
		{method: "DELETE", path: definition, handle: s.deleteDefinition},
		{method: "GET", path: app + "/preview", handle: s.preview},
		{method: "GET", path: app + "/uses", handle: s.uses},
		{method: "GET", path: app + "/roles", handle: s.listRoles},
		{method: "PUT", path: app + "/roles/:role/members/:user", handle: s.addMember},
		{method: "DELETE", path: app + "/roles/:role/members/:user", handle: s.removeMember},
		{method: "GET", path: app + "/lint", handle: s.lint},
		{method: "DELETE", path: app + "/drafts", handle: s.discardDrafts},
		{method: "POST", path: app + "/publish", handle: s.publish},
		{method: "GET", path: app + "/versions", handle: s.listVersions},
		{method: "GET", path: app + "/versions/:version", handle: s.getVersion},
		{method: "POST", path: app + "/rollback", handle: s.rollback},

		{method: "GET", path: form + "/views", handle: s.listViews},
		{method: "POST", path: form + "/views", handle: s.createView},
		{method: "PATCH", path: form + "/views/:view", handle: s.patchView},
		{method: "DELETE", path: form + "/views/:view", handle: s.deleteView},
		{method: "GET", path: records, handle: s.listRecords},
		{method: "POST", path: records, handle: s.createRecord, keeps: true},
		{method: "GET", path: rec, handle: s.getRecord},
		{method: "PATCH", path: rec, handle: s.patchRecord, keeps: true},
		{method: "DELETE", path: rec, handle: s.deleteRecord, keeps: true},
		{method: "POST", path: rec + "/restore", handle: s.restoreRecord, keeps: true},
		{method: "POST", path: rec + "/transition", handle: s.transitionRecord, keeps: true},
		{method: "GET", path: rec + "/transitions", handle: s.recordTransitions},
		{method: "GET", path: rec + "/stages", handle: s.recordStages},
		{method: "GET", path: rec + "/claims", handle: s.recordClaims},
		{method: "POST", path: rec + "/claims/:claim", handle: s.claimRecord, keeps: true},
		{method: "POST", path: rec + "/claims/:claim/release", handle: s.releaseRecord, keeps: true},
		{method: "GET", path: form + "/limits", handle: s.formLimits},
		{method: "POST", path: form + "/moves/aggregate", handle: s.aggregateMoves, asks: true},
		{method: "POST", path: form + "/duplicates", handle: s.duplicates, asks: true},
		{method: "GET", path: rec + "/history", handle: s.recordHistory},
		{method: "GET", path: rec + "/related", handle: s.recordRelated},
		{method: "GET", path: rec + "/timeline", handle: s.recordTimeline},
		{method: "POST", path: rec + "/revert", handle: s.revertRecord, keeps: true},
		{method: "GET", path: rec + "/comments", handle: s.listComments},
		{method: "POST", path: rec + "/comments", handle: s.addComment, keeps: true},
		{method: "PATCH", path: rec + "/comments/:comment", handle: s.editComment},
		{method: "DELETE", path: rec + "/comments/:comment", handle: s.removeComment},
		{method: "POST", path: form + "/query", handle: s.query, asks: true},
		{method: "POST", path: form + "/evaluate", handle: s.evaluate, asks: true},
		{method: "POST", path: form + "/aggregate", handle: s.aggregate, asks: true},
		{method: "POST", path: form + "/bulk", handle: s.bulk, limit: bulkLimit, keeps: true},
		{method: "POST", path: form + "/import", handle: s.importForm, limit: fileLimit, streams: true},
		{method: "GET", path: form + "/export", handle: s.export},
		{method: "POST", path: form + "/export", handle: s.exportQuery, asks: true},
		{method: "GET", path: prefix + "/dashboards/:dashboard/data", handle: s.dashboardData},
		{method: "GET", path: prefix + "/pages/:page/data", handle: s.pageData},
		{method: "GET", path: prefix + "/dashboards/:dashboard/export", handle: s.exportDashboard},

		{method: "GET", path: prefix + "/steps", handle: s.listSteps},
		{method: "GET", path: app + "/automations", handle: s.listAutomations},
		{method: "PATCH", path: app + "/automations/:key", handle: s.patchAutomation},
		{method: "POST", path: app + "/automations/:key/test", handle: s.testAutomation, asks: true},
		{method: "GET", path: rec + "/buttons", handle: s.listButtons},
		{method: "POST", path: rec + "/buttons/:automation", handle: s.pressButton},
		{method: "GET", path: prefix + "/runs", handle: s.listRuns},
		{method: "GET", path: prefix + "/runs/:id", handle: s.getRun},
		{method: "POST", path: prefix + "/runs/:id/replay", handle: s.replayRun},
		{method: "POST", path: prefix + "/runs/:id/resume", handle: s.resumeRun},
		{method: "POST", path: prefix + "/runs/:id/cancel", handle: s.cancelRun},
		{method: "POST", path: prefix + "/jobs/:id/retry", handle: s.retryJob},
		{method: "GET", path: prefix + "/jobs", handle: s.listJobs},
		{method: "GET", path: prefix + "/jobs/:id", handle: s.getJob},
		{method: "POST", path: prefix + "/jobs/:id/cancel", handle: s.cancelJob},
		{method: "POST", path: prefix + "/jobs/:id/undo", handle: s.undoJob},
		{method: "POST", path: prefix + "/files", handle: s.saveFile, limit: fileLimit, streams: true},
		{method: "GET", path: prefix + "/files/:id", handle: s.getFile},

		{method: "GET", path: prefix + "/users", handle: s.listUsers},
		{method: "POST", path: prefix + "/users", handle: s.createUser},
		{method: "GET", path: prefix + "/users/:id", handle: s.getUser},
		{method: "PATCH", path: prefix + "/users/:id", handle: s.patchUser},
		{method: "PUT", path: prefix + "/users/:id/password", handle: s.setUserPassword, keeps: true},
		{method: "DELETE", path: prefix + "/users/:id/sessions", handle: s.endUserSessions},
		{method: "POST", path: prefix + "/users/import", handle: s.importUsers, limit: fileLimit, streams: true},
		{method: "POST", path: prefix + "/departments/import", handle: s.importDepartments, limit: fileLimit, streams: true},
		{method: "GET", path: prefix + "/departments", handle: s.listDepartments},
		{method: "POST", path: prefix + "/departments", handle: s.createDepartment},
		{method: "GET", path: prefix + "/departments/:id", handle: s.getDepartment},
		{method: "PATCH", path: prefix + "/departments/:id", handle: s.patchDepartment},
		{method: "DELETE", path: prefix + "/departments/:id", handle: s.deleteDepartment},

		{method: "GET", path: prefix + "/notifications", handle: s.listNotifications},
		{method: "POST", path: prefix + "/notifications/read", handle: s.readNotifications},
		{method: "GET", path: prefix + "/live", handle: s.live},
		{method: "POST", path: prefix + "/live/presence", handle: s.beat, asks: true},
	}
}
