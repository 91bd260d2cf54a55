package viewer

// Role is a bundle of default flags.
type Role string

// The roles.
const (
	Owner          Role = "OWNER"
	Admin          Role = "ADMIN"
	TeamAdmin      Role = "TEAM_ADMIN"
	AgentRole      Role = "AGENT"
	ProjectManager Role = "PROJECT_MANAGER"
)

// Perms is a set of flags, as a member has them, and of the rights that follow from flags or scopes.
type Perms uint64

// The flags, in the order of the role matrix in spec access, section 7.
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
	AutoAssignedRecords
	AutoAssignedTasks
	RestrictLogin
	AccessBroadcast
	AccessPM
	SendMessages
	ReadMessages
	AccessCallIntelligence
	SeeAllCallRecords
	ManageCallSettings

	// AssignTeam and ManageOwnTeam are AssignOthers and ManageTeam within the member's own teams.
	AssignTeam
	ManageOwnTeam

	// The rights that commands and reads ask for. A member has them by flags, an API key by scopes.
	ReadRecords
	WriteRecords
	ReadContacts
	WriteContacts
	ReadCompanies
	WriteCompanies
	ReadNotes
	WriteNotes
	ReadTasks
	WriteTasks
	ReadPipelines
	ReadMembers
	ReadWebhooks
	WriteWebhooks

	bits Perms = iota
)

// AllPerms is every right there is. What only restricts or marks a member for automatic assignment is none.
const AllPerms = 1<<bits - 1 - AutoAssignedRecords - AutoAssignedTasks - RestrictLogin

// writes are the rights a session that may only read does without.
const writes = EditCRM | AssignOthers | AssignTeam | ImportData | DeleteData | ManagePipelines | ManageTeam | ManageOwnTeam | ManageSettings |
	WriteRecords | WriteContacts | WriteCompanies | WriteNotes | WriteTasks | WriteWebhooks | SendMessages | ManageCallSettings

// ReadOnly gives what is left of a set for somebody who may only read.
func (p Perms) ReadOnly() Perms { return p &^ writes }

// Flag is one flag by the name under which a member's own value is stored.
type Flag struct {
	Name string
	Perm Perms
	// Own is the same flag within the member's own teams; 0 when there is no such thing.
	Own Perms
}

// Flags are all flags.
var Flags = []Flag{
	{"can_access_crm", AccessCRM, 0}, {"can_edit_crm", EditCRM, 0}, {"can_see_all_records", SeeAllRecords, 0},
	{"can_access_tasks", AccessTasks, 0}, {"can_see_all_tasks", SeeAllTasks, 0}, {"can_assign_others", AssignOthers, AssignTeam},
	{"can_import", ImportData, 0}, {"can_export", ExportData, 0}, {"can_delete_data", DeleteData, 0},
	{"can_manage_pipelines", ManagePipelines, 0}, {"can_view_reports", ViewReports, 0},
	{"can_manage_team", ManageTeam, ManageOwnTeam}, {"can_manage_settings", ManageSettings, 0},
	{"can_be_auto_assigned_records", AutoAssignedRecords, 0}, {"can_be_auto_assigned_tasks", AutoAssignedTasks, 0},
	{"restrict_login_to_schedule", RestrictLogin, 0},
	{"can_access_broadcast", AccessBroadcast, 0}, {"can_access_pm", AccessPM, 0}, {"can_send_messages", SendMessages, 0},
	{"can_read_messages", ReadMessages, 0}, {"can_access_call_intelligence", AccessCallIntelligence, 0},
	{"can_see_all_call_records", SeeAllCallRecords, 0}, {"can_manage_call_settings", ManageCallSettings, 0},
}

const everybody = AccessCRM | SeeAllRecords | AccessTasks

var defaults = map[Role]Perms{
	Owner: everybody | EditCRM | SeeAllTasks | AssignOthers | ImportData | ExportData | DeleteData | ManagePipelines | ViewReports | ManageTeam | ManageSettings,
	Admin: everybody | EditCRM | SeeAllTasks | AssignOthers | ImportData | ExportData | DeleteData | ManagePipelines | ViewReports | ManageTeam | ManageSettings,
	TeamAdmin: everybody | EditCRM | SeeAllTasks | AssignTeam | ImportData | ExportData | ManageOwnTeam |
		AutoAssignedRecords | AutoAssignedTasks,
	AgentRole:      everybody | EditCRM | SeeAllTasks | AssignOthers | ImportData | AutoAssignedRecords | AutoAssignedTasks,
	ProjectManager: everybody,
}

// PermsOf gives a member's flags and rights: the role's defaults, each flag overridden where the member has its own
// value, and what follows from them. A flag that a role has within its own teams is had everywhere when overridden.
func PermsOf(role Role, overrides map[string]bool) Perms {
	p := defaults[role]
	for _, f := range Flags {
		if on, ok := overrides[f.Name]; ok {
			p &^= f.Perm | f.Own
			if on {
				p |= f.Perm
			}
		}
	}
	if role == ProjectManager {
		p &^= AutoAssignedRecords | AutoAssignedTasks
	}
	return p | p.follow()
}

// follow gives the rights that follow from flags.
func (p Perms) follow() (rights Perms) {
	if p&AccessCRM != 0 {
		rights |= ReadRecords | ReadContacts | ReadCompanies | ReadNotes | ReadPipelines | ReadMembers
	}
	if p&(AccessCRM|EditCRM) == AccessCRM|EditCRM {
		rights |= WriteRecords | WriteContacts | WriteCompanies | WriteNotes
	}
	if p&AccessTasks != 0 {
		rights |= ReadTasks | WriteTasks | ReadMembers
	}
	if p&ManageSettings != 0 {
		rights |= ReadWebhooks | WriteWebhooks
	}
	if p&(ManageTeam|ManageOwnTeam) != 0 {
		rights |= ReadMembers
	}
	return rights
}

// Has names the flags of a set, by the names they are stored under, each where it holds: everywhere, or in own teams.
func (p Perms) Has(f Flag) bool { return p&(f.Perm|f.Own) != 0 }

// ranks order the roles by what they may do.
var ranks = map[Role]int{Owner: 5, Admin: 4, TeamAdmin: 3, AgentRole: 2, ProjectManager: 1}

// Below tells whether a role is one, and may less than another.
func (r Role) Below(other Role) bool { return ranks[r] > 0 && ranks[r] < ranks[other] }

// IsRole tells whether a text names a role.
func IsRole(text string) bool { return ranks[Role(text)] > 0 }

// narrowed gives what is left of a set for a session that may do no more than a role does by default. What only
// restricts or marks a member stays.
func (p Perms) narrowed(to Role) Perms {
	return p & (PermsOf(to, nil) | RestrictLogin | AutoAssignedRecords | AutoAssignedTasks)
}
