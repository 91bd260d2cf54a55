package changelog

import (
	"slices"
	"strings"

	"github.com/rapidbott/tideboard/server/row"
)

// event is one kind of thing that happened to a row, with the fields that tell of it.
type event struct {
	name    string
	changed []string
}

// Bookkeeping fields change along with every write and tell no event of their own.
var Bookkeeping = []string{"version", "updated_at", "updated_by", "last_activity_at"}

// stageFields follow from a move to another stage.
var stageFields = []string{"stage_id", "pipeline_id", "rank", "status", "probability", "probability_source",
	"stage_entered_at", "closed_at", "won_at", "lost_at", "lost_reason", "lost_reason_key"}

// mirrored fields tell what the partner says of a workspace.
var mirrored = []string{"eligibility", "partner_exists", "paused", "plan_code", "plan_status", "paid_through", "trial_ends_at"}

// kinds names what happened, most specific first (spec integration, section 6): a move is a move, an owner change an
// assignment, the rest an update; each once. The names are those of webhooks and the activity feed.
func kinds(entity string, created bool, changed []string, before, after row.JSON) []event {
	has := func(f string) bool { return slices.Contains(changed, f) }
	if created {
		return []event{{entity + ".created", changed}}
	}
	if has("deleted_at") {
		if deleted(after) {
			return []event{{entity + ".deleted", changed}}
		}
		return []event{{entity + ".restored", changed}}
	}
	var out []event
	rest := without(changed, Bookkeeping)
	take := func(name string, fields ...string) {
		if own := within(rest, fields); len(own) > 0 {
			out = append(out, event{name, own})
			rest = without(rest, fields)
		}
	}
	switch entity {
	case "record":
		if has("pipeline_id") || has("stage_id") {
			name := map[bool]string{true: "record.pipeline.changed", false: "record.stage.changed"}[has("pipeline_id")]
			take(name, stageFields...)
		}
		if has("status") {
			own := []string{"status"}
			if !has("stage_id") { // the stage itself changed its kind: nothing else tells of what follows from that
				own = within(rest, stageFields)
			}
			out = append(out, event{outcome(after), own})
			rest = without(rest, stageFields)
		}
		take("record.ranked", "rank")
		take("record.assigned", "owner_id", "last_reassigned_at")
	case "contact", "company":
		take(entity+".assigned", "owner_id")
	case "task":
		if has("status") {
			name := map[bool]string{true: "task.completed", false: "task.reopened"}[Decode[row.Task](after).Status == "DONE"]
			take(name, "status", "completed_at", "completion_cause")
		}
		take("task.assigned", "assignee_id")
	case "member":
		if has("is_active") {
			take(map[bool]string{true: "member.activated", false: "member.deactivated"}[Decode[row.Member](after).IsActive], "is_active")
		}
	case "workspace":
		if has("eligibility") {
			take("workspace.eligibility_changed", mirrored...)
		}
	case "invitation":
		if has("state") {
			state := Decode[struct {
				State string `json:"state"`
			}](after).State
			if name := "invitation." + strings.ToLower(state); IsKind(name) {
				take(name, "state", "member_id")
			}
		} else if has("expires_at") {
			take("invitation.resent", "expires_at")
		}
	case "stage":
		take("stage.reordered", "position")
	}
	if len(rest) > 0 || len(out) == 0 {
		out = append(out, event{entity + ".updated", without(changed, slices.Concat(taken(out), Bookkeeping))})
	}
	for i := range out {
		out[i].changed = append(out[i].changed, within(changed, Bookkeeping)...)
	}
	return out
}

func taken(events []event) (fields []string) {
	for _, e := range events {
		fields = append(fields, e.changed...)
	}
	return fields
}

func outcome(after row.JSON) string {
	switch Decode[row.Record](after).Status {
	case "WON":
		return "record.won"
	case "LOST":
		return "record.lost"
	}
	return "record.reopened"
}

func deleted(image row.JSON) bool {
	e := Decode[struct {
		DeletedAt *string `json:"deleted_at"`
	}](image)
	return e != nil && e.DeletedAt != nil
}

func within(list, keep []string) (out []string) {
	for _, s := range list {
		if slices.Contains(keep, s) {
			out = append(out, s)
		}
	}
	return out
}

func without(list, drop []string) (out []string) {
	for _, s := range list {
		if !slices.Contains(drop, s) {
			out = append(out, s)
		}
	}
	return out
}
