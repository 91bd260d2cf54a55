package viewer

// Role is a bundle of default rights.
type Role string

// The roles.
const (
	Owner          Role = "OWNER"
	Admin          Role = "ADMIN"
	TeamAdmin      Role = "TEAM_ADMIN"
	AgentRole      Role = "AGENT"
	ProjectManager Role = "PROJECT_MANAGER"
)

// Perms is a set of rights.
type Perms uint32

// The rights, in the order of the role matrix in spec access, section 7.
const (
	AccessCRM Perms = 1 << iota
	EditCRM
	SeeAllRecords
	AccessTasks
	SeeAllTasks
	AssignOthers
	ImportData
	ExportData
	DeleteData
	ManagePipelines
	ViewReports
	ManageTeam
	ManageSettings

	// AllPerms is every right there is.
	AllPerms Perms = 1<<iota - 1
)

// Flags names every right as it is stored in a member's overrides.
var Flags = []struct {
	Name string
	Perm Perms
}{
	{"can_access_crm", AccessCRM}, {"can_edit_crm", EditCRM}, {"can_see_all_records", SeeAllRecords},
	{"can_access_tasks", AccessTasks}, {"can_see_all_tasks", SeeAllTasks}, {"can_assign_others", AssignOthers},
	{"can_import", ImportData}, {"can_export", ExportData}, {"can_delete_data", DeleteData},
	{"can_manage_pipelines", ManagePipelines}, {"can_view_reports", ViewReports},
	{"can_manage_team", ManageTeam}, {"can_manage_settings", ManageSettings},
}

var defaults = map[Role]Perms{
	Owner:          AllPerms,
	Admin:          AllPerms,
	TeamAdmin:      AccessCRM | EditCRM | SeeAllRecords | AccessTasks | SeeAllTasks | AssignOthers | ImportData | ExportData | ManageTeam,
	AgentRole:      AccessCRM | EditCRM | SeeAllRecords | AccessTasks | SeeAllTasks | AssignOthers | ImportData,
	ProjectManager: AccessCRM | SeeAllRecords | AccessTasks,
}

// PermsOf gives a member's rights: the role's defaults, each flag overridden where the member has its own value.
func PermsOf(role Role, overrides map[string]bool) Perms {
	p := defaults[role]
	for _, f := range Flags {
		if on, ok := overrides[f.Name]; ok {
			if on {
				p |= f.Perm
			} else {
				p &^= f.Perm
			}
		}
	}
	return p
}

var scopes = map[string]Perms{
	"records:read":    AccessCRM | SeeAllRecords,
	"records:write":   AccessCRM | SeeAllRecords | EditCRM | AssignOthers | DeleteData,
	"contacts:read":   AccessCRM,
	"contacts:write":  AccessCRM | EditCRM,
	"tasks:read":      AccessTasks | SeeAllTasks,
	"tasks:write":     AccessTasks | SeeAllTasks,
	"pipelines:read":  AccessCRM,
	"pipelines:write": AccessCRM | ManagePipelines,
	"members:read":    AccessCRM,
	"analytics:read":  AccessCRM | ViewReports,
	"export:read":     ExportData,
}

// PermsOfScopes gives the rights of an API key. An unknown scope gives none.
func PermsOfScopes(names []string) Perms {
	var p Perms
	for _, n := range names {
		p |= scopes[n]
	}
	return p
}
