package row

import (
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/ent/viewer"
)

// PermissionOverride is a flag that a member has, or has not, whatever the role says. Permission is the flag's name in
// the API.
type PermissionOverride struct {
	Permission string
	Allowed    bool
}

// FlagName is a flag's name in the API, by the name under which it is stored.
func FlagName(stored string) string { return strings.ToUpper(stored) }

// Flags names what the member may do, in the order of the role matrix: held everywhere, or within own teams.
func (m *Member) Flags() []string { return FlagsOf(viewer.PermsOf(m.Role, m.Permissions)) }

// FlagsOf names the flags of a set, in the order of the role matrix.
func FlagsOf(p viewer.Perms) []string {
	out := []string{}
	for _, f := range viewer.Flags {
		if p.Has(f) {
			out = append(out, FlagName(f.Name))
		}
	}
	return out
}

// Overrides lists the member's own flags, in the order of the role matrix.
func (m *Member) Overrides() []PermissionOverride {
	out := []PermissionOverride{}
	for _, f := range viewer.Flags {
		if on, ok := m.Permissions[f.Name]; ok {
			out = append(out, PermissionOverride{FlagName(f.Name), on})
		}
	}
	return out
}

// In tells whether the member belongs to a team.
func (m *Member) In(teamID string) bool { return slices.Contains(m.TeamIDs, teamID) }
