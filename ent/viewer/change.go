package viewer

import "slices"

// Standing is what a member's rights depend on, beside the session.
type Standing struct {
	Role      Role
	Overrides map[string]bool
	Teams     []string
}

// As gives the viewer as it is when its member stands so: what the session narrows stays narrowed. Mates are the members
// of the teams; only a TEAM_ADMIN's rights depend on them.
func (v *Viewer) As(s Standing, mates []string) *Viewer {
	c := *v
	c.Role, c.Perms = s.Role, PermsOf(s.Role, s.Overrides)
	if v.Narrowed.Below(s.Role) {
		c.Role, c.Perms = v.Narrowed, c.Perms.narrowed(v.Narrowed)
	}
	if v.ReadOnly {
		c.Perms = c.Perms.ReadOnly()
	}
	c.Teams, c.Mates = slices.Sorted(slices.Values(s.Teams)), nil
	if c.Role == TeamAdmin {
		c.Mates = slices.Sorted(slices.Values(mates))
	}
	return &c
}

// Together tells whether two lists of teams have one in common.
func Together(a, b []string) bool {
	return slices.ContainsFunc(a, func(id string) bool { return slices.Contains(b, id) })
}
