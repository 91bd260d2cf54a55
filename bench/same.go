package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// same checks that both sides answer with the same data, so that none is quick by leaving something out.
func same(ours, theirs *side) error {
	var answers [2]struct{ Data any }
	for i, s := range []*side{ours, theirs} {
		body, err := s.pool.Once(s.next())
		if err != nil {
			return err
		}
		if err := json.Unmarshal(body, &answers[i]); err != nil {
			return fmt.Errorf("%w in %.300s", err, body)
		}
	}
	if at, differ := difference(answers[0].Data, answers[1].Data); differ {
		return fmt.Errorf("the two sides differ at data%s", at)
	}
	return nil
}

// difference finds where two decoded JSON values differ first. Instants are equal however they are written.
func difference(a, b any) (at string, differ bool) {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok || len(x) != len(y) {
			return fmt.Sprintf(": fields %v and %.300v", names(x), b), true
		}
		for name := range x {
			if at, differ := difference(x[name], y[name]); differ {
				return "." + name + at, true
			}
		}
		return "", false
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return fmt.Sprintf(": %d elements and %.300v", len(x), b), true
		}
		for i := range x {
			if at, differ := difference(x[i], y[i]); differ {
				return fmt.Sprintf("[%d]%s", i, at), true
			}
		}
		return "", false
	}
	return fmt.Sprintf(": %v and %v", a, b), !reflect.DeepEqual(plain(a), plain(b))
}

func names(m map[string]any) (out []string) {
	for name := range m {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}

func plain(v any) any {
	if text, ok := v.(string); ok {
		if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
			return t.UnixNano()
		}
	}
	return v
}
