package gql

import (
	"encoding/json"
	"strings"
)

// Refusal makes the Result of a request that a transport itself refuses: one error with a code, and a reason where the
// code alone does not say enough.
func Refusal(code, message, requestID string, reason ...string) *Result {
	type ext struct {
		Code      string `json:"code"`
		Reason    string `json:"reason,omitempty"`
		RequestID string `json:"requestId,omitempty"`
	}
	type fault struct {
		Message    string `json:"message"`
		Extensions ext    `json:"extensions"`
	}
	body, _ := json.Marshal(struct {
		Errors []fault `json:"errors"`
	}{[]fault{{message, ext{code, strings.Join(reason, " "), requestID}}}})
	return &Result{Body: body, Failed: true, Code: code}
}
