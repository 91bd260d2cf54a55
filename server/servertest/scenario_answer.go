package servertest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// at finds a value of the answer by a path; * stands for all elements of a list, # for their number.
func (s *scenario) at(path string) any {
	s.TB.Helper()
	v, ok := find(s.answer, strings.Split(path, "."))
	if !ok {
		s.Fatalf("nothing at %s in %s", path, s.json(s.answer))
	}
	return v
}

func find(v any, path []string) (any, bool) {
	if len(path) == 0 {
		return v, true
	}
	switch v := v.(type) {
	case map[string]any:
		next, ok := v[path[0]]
		if !ok {
			return nil, false
		}
		return find(next, path[1:])
	case []any:
		if path[0] == "#" {
			return json.Number(strconv.Itoa(len(v))), true
		}
		if path[0] == "*" {
			out := []any{}
			for _, e := range v {
				if x, ok := find(e, path[1:]); ok {
					out = append(out, x)
				}
			}
			return out, true
		}
		if i, err := strconv.Atoi(path[0]); err == nil && i < len(v) {
			return find(v[i], path[1:])
		}
	}
	return nil, false
}

func (s *scenario) expect() {
	s.TB.Helper()
	arg := s.step.arg
	if text, ok := s.sections[arg]; ok {
		arg = text
	}
	if strings.HasPrefix(arg, "{") {
		if want := decoded(s, json.RawMessage(s.filled(arg))); !alike(s.answer, want) {
			s.Fatalf("it is\n%s", s.json(s.answer))
		}
		return
	}
	path, op, _ := strings.Cut(arg, " ")
	op, text, _ := strings.Cut(op, " ")
	got := s.at(path)
	var want any
	if text = s.filled(text); text != "" {
		if json.Unmarshal([]byte(text), new(any)) != nil {
			text = strconv.Quote(text)
		}
		want = decoded(s, json.RawMessage(text))
	}
	if !compare(got, op, want) {
		s.Fatalf("it is %s", s.json(got))
	}
}

func compare(got any, op string, want any) bool {
	a, aNumber := new(big.Rat).SetString(fmt.Sprint(got))
	b, bNumber := new(big.Rat).SetString(fmt.Sprint(want))
	order := strings.Compare(fmt.Sprint(got), fmt.Sprint(want))
	if aNumber && bNumber {
		order = a.Cmp(b)
	}
	switch op {
	case "==":
		return alike(got, want)
	case "!=":
		return !alike(got, want)
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "contains":
		list, _ := got.([]any)
		text, isText := got.(string)
		return slices.ContainsFunc(list, func(e any) bool { return alike(e, want) }) ||
			(isText && strings.Contains(text, fmt.Sprint(want)))
	case "null":
		return got == nil
	case "set":
		return got != nil
	}
	return false
}

// alike compares an answer with what is wanted; "*" stands for anything but null.
func alike(got, want any) bool {
	switch w := want.(type) {
	case string:
		return got == any(w) || (w == "*" && got != nil)
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for k, v := range w {
			if x, ok := g[k]; !ok || !alike(x, v) {
				return false
			}
		}
		return true
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(w) {
			return false
		}
		for i := range w {
			if !alike(g[i], w[i]) {
				return false
			}
		}
		return true
	}
	return reflect.DeepEqual(got, want)
}

// decoded turns anything into plain JSON values.
func decoded(s *scenario, v any) (out any) {
	s.TB.Helper()
	b, err := json.Marshal(v)
	check(s, err)
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	check(s, d.Decode(&out))
	return out
}

func (s *scenario) json(v any) string {
	b, err := json.MarshalIndent(v, "", "  ")
	check(s, err)
	return s.named(string(b))
}
