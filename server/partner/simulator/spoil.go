package simulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// spoil gives the bad answer. What depends on time ends when the asker goes away.
func (f *Fault) spoil(w http.ResponseWriter, r *http.Request, id string, answers func(id string) answer) {
	switch f.Kind {
	case FaultStatus:
		if f.RetryAfter != "" {
			w.Header().Set("Retry-After", f.RetryAfter)
		}
		send(w, no(f.Status, "FAULT", ""))
	case FaultSlow:
		t := time.NewTimer(time.Duration(f.DelayMS) * time.Millisecond)
		defer t.Stop()
		select {
		case <-t.C:
			send(w, answers(id))
		case <-r.Context().Done():
		}
	case FaultHang:
		select {
		case <-f.cleared:
			send(w, answers(id))
		case <-r.Context().Done():
		}
	case FaultCut:
		panic(http.ErrAbortHandler) // the way net/http has for closing the connection
	case FaultCutAfter:
		answers(id)
		panic(http.ErrAbortHandler)
	case FaultTruncate:
		a := answers(id)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
		w.WriteHeader(a.status)
		_, _ = w.Write(a.body[:len(a.body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	case FaultGarbage:
		send(w, answer{http.StatusOK, []byte("<!doctype html><title>Rapidbott</title><p>We will be back soon.")})
	case FaultTypes:
		send(w, altered(answers(id), twist))
	case FaultOther:
		send(w, answers(f.Instead))
	case FaultHuge:
		a := answers(id)
		send(w, answer{a.status, append([]byte(strings.Repeat(" ", 5_000_000)), a.body...)})
	case FaultRedirect:
		w.Header().Set("Location", f.Location)
		w.WriteHeader(http.StatusTemporaryRedirect)
	case FaultPlan:
		send(w, altered(answers(id), func(v any) any {
			if m, ok := v.(map[string]any); ok && m["plan"] != nil {
				m["plan"] = f.Plan
			}
			return v
		}))
	case FaultTotal:
		send(w, altered(answers(id), func(v any) any {
			if m, ok := v.(map[string]any); ok && m["total"] != nil {
				limit := int(m["limit"].(float64))
				m["total"], m["total_pages"] = f.Total, (f.Total+limit-1)/limit
			}
			return v
		}))
	case FaultBody:
		send(w, answer{http.StatusOK, []byte(f.Body)})
	default:
		send(w, answers(id))
	}
}

// altered changes the body of an answer.
func altered(a answer, change func(any) any) answer {
	var v any
	if json.Unmarshal(a.body, &v) == nil {
		a.body = encode(change(v))
	}
	return a
}

// twist gives everything another type.
func twist(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = twist(x)
		}
		return v
	case []any:
		for i, x := range v {
			v[i] = twist(x)
		}
		return v
	case string:
		return 1
	case nil:
		return []int{}
	}
	return "1"
}
