package crm

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/99designs/gqlgen/graphql"

	"github.com/rapidbott/tideboard/server/fold"
	"github.com/rapidbott/tideboard/server/row"
)

// retag replaces tags, then adds and removes some, and leaves at most 50; nothing given leaves them.
func (c *checker) retag(path string, tags []string, all graphql.Omittable[[]string], add, remove []string) []string {
	return c.retagUpTo(path, tags, all, add, remove, 50)
}

// retagUpTo is retag with another limit.
func (c *checker) retagUpTo(path string, tags []string, all graphql.Omittable[[]string], add, remove []string, max int) []string {
	if !given(all) && add == nil && remove == nil {
		return tags
	}
	if given(all) {
		tags = all.Value()
	}
	tags = slices.Concat(tags, add)
	for _, t := range remove {
		key := fold.Key(t)
		tags = slices.DeleteFunc(tags, func(have string) bool { return fold.Key(have) == key })
	}
	return c.tagsUpTo(path+".tags", tags, max)
}

// refill replaces custom fields, then merges some key by key, of which null removes one; nothing given leaves them.
func (c *checker) refill(path string, fields json.RawMessage, all graphql.Omittable[*row.JSON], some *row.JSON) json.RawMessage {
	next := row.JSON(fields)
	if given(all) {
		next = nil
		if j := all.Value(); j != nil {
			next = *j
		}
	}
	if some != nil {
		have, patch := map[string]json.RawMessage{}, map[string]json.RawMessage{}
		if len(next) > 0 && json.Unmarshal(next, &have) != nil || json.Unmarshal(*some, &patch) != nil {
			c.Add(path+".customFieldsPatch", "is not an object")
		}
		for k, v := range patch {
			if have[k] = v; string(v) == "null" {
				delete(have, k)
			}
		}
		merged, _ := json.Marshal(have)
		next = merged
	}
	canonical := c.object(path+".customFields", next)
	if bytes.Equal(canonical, c.object(path+".customFields", row.JSON(fields))) && len(fields) > 0 {
		return fields
	}
	return canonical
}
