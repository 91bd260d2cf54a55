package scope

import (
	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/fault"
)

// Permit refuses a viewer who lacks a right, and nobody.
func Permit(v *viewer.Viewer, p viewer.Perms) error {
	switch {
	case v == nil:
		return fault.New(fault.Unauthenticated, "nobody is asking")
	case v.Can(p):
		return nil
	}
	return Refused(v, "this needs a right that you do not have")
}

// Refused is the refusal of a viewer who lacks a right: SCOPE_MISSING for a key, FORBIDDEN with a sentence for anybody else.
func Refused(v *viewer.Viewer, why string) error {
	if v.Kind == viewer.APIKey {
		return fault.New(fault.ScopeMissing, "the key lacks a scope for this")
	}
	return fault.New(fault.Forbidden, "%s", why)
}
