package viewer

import (
	"slices"
	"strings"
)

// written comes with every scope to write: the forms of a command over many rows, and giving rows to others.
const written = DeleteData | AssignOthers

// scopes are the rights of each scope. The reserved ones give none yet.
var scopes = map[string]Perms{
	"records:read":    AccessCRM | ReadRecords | ReadPipelines | SeeAllRecords,
	"records:write":   EditCRM | WriteRecords | written,
	"contacts:read":   AccessCRM | ReadContacts,
	"contacts:write":  EditCRM | WriteContacts | ImportData | written,
	"companies:read":  AccessCRM | ReadCompanies,
	"companies:write": EditCRM | WriteCompanies | written,
	"tasks:read":      AccessTasks | ReadTasks | SeeAllTasks,
	"tasks:write":     WriteTasks | written,
	"notes:read":      ReadNotes,
	"notes:write":     WriteNotes,
	"pipelines:read":  ReadPipelines,
	"pipelines:write": ManagePipelines,
	"members:read":    ReadMembers,
	"members:write":   ManageTeam,
	"analytics:read":  ViewReports,
	"analytics:write": 0,
	"export:read":     ExportData,
	"export:write":    ExportData,
	"webhooks:read":   ReadWebhooks,
	"webhooks:write":  WriteWebhooks,
	"messages:read":   0,
	"messages:send":   0,
}

// Scopes lists the scopes there are.
func Scopes() []string {
	names := make([]string, 0, len(scopes))
	for n := range scopes {
		names = append(names, n)
	}
	slices.Sort(names)
	return names
}

// PermsOfScopes gives the rights of an API key. A scope to write includes the one to read; an unknown scope gives none.
func PermsOfScopes(names []string) Perms {
	var p Perms
	for _, n := range names {
		p |= scopes[n]
		if kind, ok := strings.CutSuffix(n, ":write"); ok {
			p |= scopes[kind+":read"]
		}
	}
	return p
}
