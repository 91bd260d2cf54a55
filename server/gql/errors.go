package gql

import (
	"encoding/json"
)

// Refusal makes the Result of a request that a transport itself refuses: one error with a code.
func Refusal(code, message, requestID string) *Result {
	type ext struct {
		Code      string `json:"code"`
		RequestID string `json:"requestId,omitempty"`
	}
	type fault struct {
		Message    string `json:"message"`
		Extensions ext    `json:"extensions"`
	}
	body, _ := json.Marshal(struct {
		Errors []fault `json:"errors"`
	}{[]fault{{message, ext{code, requestID}}}})
	return &Result{Body: body, Failed: true, Code: code}
}
