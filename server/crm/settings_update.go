package crm

import (
	"context"
	"encoding/json"
	"maps"
	"slices"

	"github.com/rapidbott/tideboard/ent"
	"github.com/rapidbott/tideboard/server/row"
)

// UpdateSettingsInput changes the settings that are set, group by group; see the SDL. A group holds values by the names of
// the API, as its schema has checked them: null goes back to the default.
type UpdateSettingsInput struct {
	General          *GeneralSettingsInput
	Labels           map[string]any
	Records          map[string]any
	Insights         map[string]any
	Tasks            map[string]any
	Contacts         map[string]any
	Notifications    map[string]any
	Retention        map[string]any
	Saleschat        map[string]any
	Access           map[string]any
	ClientMutationID *string
}

// UpdateSettingsPayload are the settings as they are now.
type UpdateSettingsPayload struct {
	Settings         *WorkspaceSettings
	Revision         row.Revision
	ClientMutationID *string
}

// ResetLabelsInput goes back to the product's own names; see the SDL.
type ResetLabelsInput struct {
	Language         *string
	ClientMutationID *string
}

// ResetLabelsPayload are the settings as they are now.
type ResetLabelsPayload = UpdateSettingsPayload

// UpdateSettings changes settings in one commit, and notes each with its old and new value in the audit log. Needs a
// member's session with ManageSettings.
func (s *Service) UpdateSettings(ctx context.Context, in UpdateSettingsInput) (*UpdateSettingsPayload, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	c := &checker{}
	values := c.settings(in)
	general := c.general(in.General)
	if err := c.Err(); err != nil {
		return nil, err
	}
	return s.changeSettings(ctx, in.ClientMutationID, func(tx *Tx, cur *ent.Workspace) (ent.Workspace, error) {
		next := general(*cur)
		next.Settings = maps.Clone(cur.Settings)
		if next.Settings == nil {
			next.Settings = map[string]any{}
		}
		for key, v := range values {
			if next.Settings[key] = v; v == nil {
				delete(next.Settings, key)
			}
		}
		if err := tx.reassigns(cur, &next, values); err != nil {
			return next, err
		}
		return next, consistent(SettingsOf(jsonOf(next.Settings)))
	})
}

// ResetLabels forgets the workspace's own names, in one language or in all. Needs a member's session with ManageSettings.
func (s *Service) ResetLabels(ctx context.Context, in ResetLabelsInput) (*ResetLabelsPayload, error) {
	if err := manages(ctx); err != nil {
		return nil, err
	}
	c := &checker{}
	language := ""
	if in.Language != nil {
		language = c.language("input.language", *in.Language)
	}
	if err := c.Err(); err != nil {
		return nil, err
	}
	return s.changeSettings(ctx, in.ClientMutationID, func(tx *Tx, cur *ent.Workspace) (ent.Workspace, error) {
		next := *cur
		next.Settings = maps.Clone(cur.Settings)
		delete(next.Settings, "labels.own")
		kept := slices.DeleteFunc(SettingsOf(jsonOf(cur.Settings)).Labels.Own, func(l *Label) bool { return language == "" || l.Language == language })
		if len(kept) > 0 {
			next.Settings["labels.own"] = plainJSON(kept)
		}
		return next, nil
	})
}

// settings reads the values of all groups, by the keys they are stored under; nil is the default.
func (c *checker) settings(in UpdateSettingsInput) map[string]any {
	out := map[string]any{}
	for group, values := range map[string]map[string]any{"labels": in.Labels, "records": in.Records, "insights": in.Insights, "tasks": in.Tasks,
		"contacts": in.Contacts, "notifications": in.Notifications, "retention": in.Retention, "saleschat": in.Saleschat, "access": in.Access} {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			key, v := snake(group)+"."+snake(name), plainJSON(values[name])
			if v != nil {
				v = plainJSON(byKey[key].read(c, "input."+group+"."+name, v))
			}
			out[key] = v
		}
	}
	return out
}

// plainJSON gives a value as it is when it comes back from the database, so that equal ones compare as equal.
func plainJSON(v any) (out any) {
	b, err := json.Marshal(v)
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	if err != nil { // a setting is made of texts, numbers and lists of them
		panic("crm: a setting that cannot be JSON: " + err.Error())
	}
	return out
}

func jsonOf(settings map[string]any) row.JSON {
	b, err := json.Marshal(settings)
	if err != nil {
		panic("crm: settings that cannot be JSON: " + err.Error())
	}
	return b
}

// consistent refuses thresholds that contradict each other.
func consistent(s Settings) error {
	c, i := &checker{}, s.Insights
	for _, pair := range []struct {
		name      string
		low, high int
	}{{"staleHighHours", i.StaleHours, i.StaleHighHours}, {"leadSignalHighScore", i.LeadSignalScore, i.LeadSignalHighScore},
		{"concentrationHighPercent", i.ConcentrationPercent, i.ConcentrationHighPercent},
		{"assignmentHighPercent", i.AssignmentHighPercent, i.AssignmentPercent},
		{"missingValueHighPercent", i.MissingValueHighPercent, i.MissingValuePercent}} {
		if pair.low > pair.high {
			c.Add("input.insights."+pair.name, "contradicts the threshold below it: %d and %d", pair.low, pair.high)
		}
	}
	if s.Saleschat.Enabled && s.Saleschat.BaseURL == nil {
		c.Add("input.saleschat.baseUrl", "is needed when Saleschat is on")
	}
	return c.Err()
}

// changeSettings writes what a decision makes of the workspace, with the audit row; nothing when it stays as it is.
func (s *Service) changeSettings(ctx context.Context, mark *string, decide func(*Tx, *ent.Workspace) (ent.Workspace, error)) (*UpdateSettingsPayload, error) {
	out := &UpdateSettingsPayload{ClientMutationID: mark}
	rev, err := s.Answer(ctx, mark, out, func(tx *Tx) error {
		cur, err := tx.ent.Workspace.Query().Where(tx.lock).Only(tx.seen)
		if err != nil {
			return err
		}
		next, err := decide(tx, cur)
		if err != nil {
			return err
		}
		saved, err := tx.saveWorkspace(cur, next)
		if err != nil {
			return err
		}
		out.Settings, err = tx.showSettings(saved)
		return err
	})
	out.Revision = rev
	return out, err
}

// told lists the settings that differ, each with its old and new value; null is the default.
func told(cur, next *ent.Workspace) map[string]any {
	out := map[string]any{}
	for key := range byKey {
		if old, now := cur.Settings[key], next.Settings[key]; string(jsonValue(old)) != string(jsonValue(now)) {
			out[key] = map[string]any{"old": old, "new": now}
		}
	}
	was, is := generalOf(cur), generalOf(next)
	for key := range is {
		if string(jsonValue(was[key])) != string(jsonValue(is[key])) {
			out["general."+key] = map[string]any{"old": was[key], "new": is[key]}
		}
	}
	return out
}

func jsonValue(v any) []byte {
	b, _ := json.Marshal(v)
	return b
}
