package ent

//go:generate go tool ent generate --feature privacy,entql,sql/lock,sql/modifier ./schema
