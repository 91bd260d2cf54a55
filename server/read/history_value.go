package read

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/money"
	"github.com/rapidbott/tideboard/server/row"
	"github.com/rapidbott/tideboard/server/scope"
	"github.com/rapidbott/tideboard/server/tie"
)

// sight is what of past values a viewer may know: a record that it sees can have pointed to others that it does not
// see, and can have come from a pipeline that it does not see.
type sight struct {
	viewer *viewer.Viewer
	// records are those that the links told of point to and that the viewer sees; nil when it sees all.
	records map[string]bool
}

// sight looks up which of the records that links in these changes point to the viewer sees: one statement, none for who
// sees all records and when no links changed.
func (r Reader) sight(ctx context.Context, all []*told) (sight, error) {
	s := sight{viewer: viewer.FromContext(ctx)}
	if s.viewer.Can(viewer.SeeAllRecords) && s.viewer.PipelineIDs == nil {
		return s, nil
	}
	s.records = map[string]bool{}
	var ids []string
	for _, t := range all {
		if !slices.Contains(t.changed, "links") {
			continue
		}
		for _, image := range []row.JSON{t.before, t.after} {
			for _, l := range linksIn(values(image)["links"]) {
				ids = append(ids, l.RecordID)
			}
		}
	}
	slices.Sort(ids)
	found, err := r.RecordsByID(ctx, slices.Compact(ids))
	for id := range found {
		s.records[id] = true
	}
	return s, err
}

func linksIn(value json.RawMessage) (links []tie.Link) {
	if len(value) > 0 && json.Unmarshal(value, &links) != nil {
		return nil
	}
	return links
}

// absent is what numbers and truth values are when an image leaves them out, as it does with zeros. A list that is left out
// is empty, and shown as nothing.
var absent = map[string]string{"probability": "0", "open_task_count": "0", "value_from_items": "false"}

// shown is a stored value as the API shows it to the viewer: money with its currency, lists by the names of the API and
// without links to records that the viewer does not see, no place in a pipeline that it does not see. Without an
// image it is nothing: the record was not there.
func (s sight) shown(column string, image map[string]json.RawMessage) row.JSON {
	v, ok := image[column]
	if zero := absent[column]; zero != "" && image != nil && (!ok || string(v) == "null") {
		return row.JSON(zero)
	}
	if !ok || string(v) == "null" {
		return nil
	}
	switch column {
	case "value":
		return worth(v, image["currency"])
	case "pipeline_id", "stage_id":
		var pipeline string
		if json.Unmarshal(image["pipeline_id"], &pipeline) != nil || !scope.SeesPipeline(s.viewer, pipeline) {
			return nil
		}
	case "links":
		if s.records != nil {
			kept := slices.DeleteFunc(linksIn(v), func(l tie.Link) bool { return !s.records[l.RecordID] })
			v, _ = json.Marshal(append([]tie.Link{}, kept...))
		}
		return renamed(v)
	case "line_items", "participants":
		return renamed(v)
	}
	return row.JSON(v)
}

// unlinked tells whether shown links are none.
func unlinked(shown row.JSON) bool { return len(shown) == 0 || string(shown) == "[]" }

func worth(value, currency json.RawMessage) row.JSON {
	var minor int64
	var code string
	if json.Unmarshal(value, &minor) != nil || json.Unmarshal(currency, &code) != nil {
		return nil
	}
	b, _ := json.Marshal(map[string]string{"amount": money.Format(minor, code), "currency": code})
	return b
}

// renamed gives a list of stored objects with their members by the names of the API.
func renamed(list json.RawMessage) row.JSON {
	var stored []map[string]json.RawMessage
	if json.Unmarshal(list, &stored) != nil {
		return nil
	}
	for i, o := range stored {
		next := map[string]json.RawMessage{}
		for k, v := range o {
			next[row.FieldName(k)] = v
		}
		stored[i] = next
	}
	b, _ := json.Marshal(stored)
	return b
}
