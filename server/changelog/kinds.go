package changelog

import "strings"

// own are the kinds of change that only one entity has, beside those that every one has.
var own = map[string]string{
	"record": "stage.changed pipeline.changed won lost reopened ranked assigned", "contact": "assigned", "company": "assigned",
	"task": "completed reopened assigned", "stage": "reordered", "pipeline": "", "team": "",
	"workspace": "eligibility_changed data_deleted purged", "member": "deactivated activated presence.changed",
	"invitation": "accepted cancelled expired resent", "session": "ended", "api_key": "rotated revoked", "settings": "", "job": "", "target": "", "saved_view": "",
}

// IsKind tells whether a change can be of this kind, or, for a name that ends with a star, of a kind that begins so.
func IsKind(name string) bool {
	entity, event, _ := strings.Cut(name, ".")
	kinds, known := own[entity]
	if !known {
		return false
	}
	family, star := strings.CutSuffix(event, "*")
	for _, k := range strings.Fields("created updated deleted restored " + kinds) {
		if k == event || star && strings.HasPrefix(k, family) && (family == "" || strings.HasSuffix(family, ".")) {
			return true
		}
	}
	return false
}
