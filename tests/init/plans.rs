//! `tmrs init` of plans and states: what is known after `apply` alone, what is open, who may do
//! what.

use super::{begun, listed};

/// A resource of a plan.
fn resource(kind: &str, name: &str, values: &str) -> String {
    format!(
        "{{\"address\": \"{kind}.{name}\", \"mode\": \"managed\", \"type\": \"{kind}\", \
         \"name\": \"{name}\", \"values\": {{{values}}}}}"
    )
}

/// A value that comes from another resource.
fn from(key: &str, what: &str) -> String {
    format!("\"{key}\": {{\"references\": [\"{what}.arn\", \"{what}\"]}}")
}

/// What the configuration says of a resource.
fn configured(address: &str, expressions: &[String]) -> String {
    let expressions = expressions.join(", ");
    format!("{{\"address\": \"{address}\", \"expressions\": {{{expressions}}}}}")
}

/// A plan with a line for each resource, and a line of configuration for each behind them.
fn plan(resources: &[String], configured: &[String]) -> String {
    format!(
        "{{\"format_version\": \"1.2\", \"planned_values\": {{\"root_module\": {{\"resources\": [\n{}\n]}}}}, \
         \"configuration\": {{\"root_module\": {{\"resources\": [\n{}\n]}}}}}}\n",
        resources.join(",\n"),
        configured.join(",\n")
    )
}

/// The model of resources, and of the values that come from others: `(address, key, other)`.
fn model(resources: &[String], given: &[(&str, &str, &str)]) -> String {
    let configured: Vec<String> = given
        .iter()
        .map(|(address, key, other)| configured(address, &[from(key, other)]))
        .collect();
    listed(&begun(&[("plan.json", &plan(resources, &configured))]))
}

/// A policy that allows this.
fn policy(rest: &str) -> String {
    let policy = format!("{{\"Statement\": [{{\"Effect\": \"Allow\", {rest}}}]}}");
    format!("\"policy\": {}", serde_json::to_string(&policy).unwrap())
}

/// The line of a model that begins so.
fn line<'m>(model: &'m str, start: &str) -> &'m str {
    let found = model.lines().find(|line| line.starts_with(start));
    found.unwrap_or_else(|| panic!("{start}: {model}"))
}

#[test]
fn what_is_known_after_apply_alone_is_said_where_the_configuration_gives_it() {
    let variables = format!(
        "\"environment\": [{{{}}}]",
        from("variables", "aws_sqs_queue.orders")
    );
    let text = plan(
        &[
            resource("aws_iam_role", "mailer", ""),
            resource("aws_kms_key", "orders", ""),
            resource("aws_sqs_queue", "failed", "\"kms_master_key_id\": null"),
            resource("aws_sqs_queue", "orders", ""),
            resource("aws_lambda_function", "mailer", "\"environment\": [{}]"),
        ],
        &[
            configured(
                "aws_sqs_queue.failed",
                &[from("kms_master_key_id", "var.key")],
            ),
            configured(
                "aws_sqs_queue.orders",
                &[
                    from("kms_master_key_id", "aws_kms_key.orders"),
                    from("redrive_policy", "aws_sqs_queue.failed"),
                ],
            ),
            configured(
                "aws_lambda_function.mailer",
                &[from("role", "aws_iam_role.mailer"), variables],
            ),
        ],
    );
    let model = listed(&begun(&[("plan.json", &text)]));
    for (start, says) in [
        ("orders-queue@5", "isEncryptedAtRest=true@9"),
        ("orders-queue@5", "usesDeadLetterQueue=true@9"),
        (
            "mailer@6",
            "usesCloudIdentity=true@10 usesEnvironmentVariables=true@10",
        ),
        ("mailer-to-orders-queue@6", "protocol=HTTPS@5"),
    ] {
        assert!(
            line(&model, start).contains(says),
            "{start} {says}: {model}"
        );
    }
    // What is nothing, and what nobody knows, is not said.
    assert!(
        !line(&model, "failed-queue@").contains("isEncryptedAtRest"),
        "{model}"
    );
}

#[test]
fn what_lets_everybody_in_and_what_does_not_is_told_apart() {
    let rule = |port: u16, range: &str| {
        format!(
            "\"type\": \"ingress\", \"from_port\": {port}, \"to_port\": {port}, \"cidr_blocks\": [\"{range}\"]"
        )
    };
    let listener = |protocol: &str| {
        format!("\"protocol\": \"{protocol}\", \"default_action\": [{{\"type\": \"forward\"}}]")
    };
    let owner = "\"Principal\": {\"AWS\": \"arn:aws:iam::1:root\"}";
    let model = model(
        &[
            resource("aws_s3_bucket", "open", ""),
            resource(
                "aws_s3_bucket_policy",
                "open",
                &policy("\"Principal\": \"*\""),
            ),
            resource("aws_s3_bucket", "listed", ""),
            resource("aws_s3_bucket_acl", "listed", "\"acl\": \"public-read\""),
            resource("aws_s3_bucket", "own", ""),
            resource("aws_s3_bucket_policy", "own", &policy(owner)),
            resource("aws_s3_bucket_acl", "own", "\"acl\": \"private\""),
            resource("aws_lambda_function", "hook", ""),
            resource(
                "aws_lambda_function_url",
                "hook",
                "\"authorization_type\": \"NONE\"",
            ),
            resource("aws_lambda_function", "job", ""),
            resource(
                "aws_lambda_function_url",
                "job",
                "\"authorization_type\": \"AWS_IAM\"",
            ),
            resource(
                "aws_instance",
                "bastion",
                "\"associate_public_ip_address\": true",
            ),
            resource("aws_security_group", "bastion", "\"ingress\": []"),
            resource("aws_security_group_rule", "ssh", &rule(22, "0.0.0.0/0")),
            resource(
                "aws_security_group_rule",
                "office",
                &rule(9100, "203.0.113.0/24"),
            ),
            resource("aws_lb", "edge", "\"internal\": false"),
            resource("aws_lb_listener", "tls", &listener("HTTPS")),
            resource("aws_lb_listener", "plain", &listener("HTTP")),
        ],
        &[
            ("aws_s3_bucket_policy.open", "bucket", "aws_s3_bucket.open"),
            ("aws_s3_bucket_acl.listed", "bucket", "aws_s3_bucket.listed"),
            ("aws_s3_bucket_policy.own", "bucket", "aws_s3_bucket.own"),
            ("aws_s3_bucket_acl.own", "bucket", "aws_s3_bucket.own"),
            (
                "aws_lambda_function_url.hook",
                "function_name",
                "aws_lambda_function.hook",
            ),
            (
                "aws_lambda_function_url.job",
                "function_name",
                "aws_lambda_function.job",
            ),
            (
                "aws_instance.bastion",
                "vpc_security_group_ids",
                "aws_security_group.bastion",
            ),
            (
                "aws_security_group_rule.ssh",
                "security_group_id",
                "aws_security_group.bastion",
            ),
            (
                "aws_security_group_rule.office",
                "security_group_id",
                "aws_security_group.bastion",
            ),
            ("aws_lb_listener.tls", "load_balancer_arn", "aws_lb.edge"),
            ("aws_lb_listener.plain", "load_balancer_arn", "aws_lb.edge"),
        ],
    );
    for (start, says) in [
        ("open-bucket@", "authenticatesSource=false@3"),
        ("open-bucket@", "isInternetFacing=true@3"),
        ("listed-bucket@", "authenticatesSource=false@5"),
        ("listed-bucket@", "isInternetFacing=true@5"),
        ("own-bucket@", "authenticatesSource=true@6"),
        ("internet-to-open-bucket@", "protocol=HTTPS"),
        ("hook@", "isInternetFacing=true@10"),
        ("job@", "authenticatesSource=true@12"),
        ("job@", "isInternetFacing=true@12"),
        ("internet-to-bastion@", "dstPort=22@15"),
        ("internet-to-bastion@", "protocol=SSH@15"),
        ("internet-to-edge-load-balancer@", "protocol=HTTP@19"),
    ] {
        assert!(
            line(&model, start).contains(says),
            "{start} {says}: {model}"
        );
    }
    assert!(
        !line(&model, "own-bucket@").contains("isInternetFacing"),
        "{model}"
    );
    assert!(
        !line(&model, "hook@").contains("authenticatesSource"),
        "{model}"
    );
}

#[test]
fn a_part_whose_role_may_do_everything_has_more_rights_than_it_needs() {
    let allows = |action: &str| policy(&format!("\"Action\": \"{action}\", \"Resource\": \"*\""));
    let admin = "\"policy_arn\": \"arn:aws:iam::aws:policy/AdministratorAccess\"";
    let model = model(
        &[
            resource("aws_iam_role", "own", ""),
            resource("aws_iam_role", "shared", ""),
            resource("aws_iam_role", "worker", ""),
            resource("aws_iam_role", "reader", ""),
            resource("aws_iam_role_policy", "own", &allows("*")),
            resource("aws_iam_role_policy_attachment", "shared", admin),
            resource("aws_iam_role_policy", "worker", &allows("*")),
            resource("aws_iam_role_policy", "reader", &allows("s3:Get*")),
            resource("aws_iam_instance_profile", "shared", ""),
            resource("aws_ecs_task_definition", "worker", ""),
            resource("aws_lambda_function", "mailer", ""),
            resource("aws_instance", "host", ""),
            resource("aws_ecs_service", "worker", ""),
            resource("aws_lambda_function", "reader", ""),
        ],
        &[
            ("aws_iam_role_policy.own", "role", "aws_iam_role.own"),
            (
                "aws_iam_role_policy_attachment.shared",
                "role",
                "aws_iam_role.shared",
            ),
            ("aws_iam_role_policy.worker", "role", "aws_iam_role.worker"),
            ("aws_iam_role_policy.reader", "role", "aws_iam_role.reader"),
            (
                "aws_iam_instance_profile.shared",
                "role",
                "aws_iam_role.shared",
            ),
            (
                "aws_ecs_task_definition.worker",
                "task_role_arn",
                "aws_iam_role.worker",
            ),
            ("aws_lambda_function.mailer", "role", "aws_iam_role.own"),
            (
                "aws_instance.host",
                "iam_instance_profile",
                "aws_iam_instance_profile.shared",
            ),
            (
                "aws_ecs_service.worker",
                "task_definition",
                "aws_ecs_task_definition.worker",
            ),
            ("aws_lambda_function.reader", "role", "aws_iam_role.reader"),
        ],
    );
    for (start, says) in [
        ("mailer@", "implementsPOLP=false@6"),
        ("host@", "implementsPOLP=false@7"),
        ("worker@", "implementsPOLP=false@8"),
    ] {
        assert!(
            line(&model, start).contains(says),
            "{start} {says}: {model}"
        );
    }
    assert!(
        !line(&model, "reader@").contains("implementsPOLP"),
        "{model}"
    );
}

#[test]
fn a_policy_that_is_attached_counts_as_one_that_is_written_inline() {
    let all = policy("\"Action\": \"*\", \"Resource\": \"*\"");
    let text = plan(
        &[
            resource("aws_iam_role", "own", ""),
            resource("aws_iam_policy", "all", &all),
            resource("aws_iam_role_policy_attachment", "own", ""),
            resource("aws_lambda_function", "mailer", ""),
        ],
        &[
            configured(
                "aws_iam_role_policy_attachment.own",
                &[
                    from("role", "aws_iam_role.own"),
                    from("policy_arn", "aws_iam_policy.all"),
                ],
            ),
            configured(
                "aws_lambda_function.mailer",
                &[from("role", "aws_iam_role.own")],
            ),
        ],
    );
    let model = listed(&begun(&[("plan.json", &text)]));
    assert!(
        line(&model, "mailer@").contains("implementsPOLP=false@3"),
        "{model}"
    );
}

#[test]
fn of_a_state_the_values_tell_who_names_whom() {
    let resources = [
        resource(
            "aws_dynamodb_table",
            "orders",
            "\"name\": \"orders-7f3a\", \"arn\": \"arn:aws:dynamodb:x:1:table/orders-7f3a\"",
        ),
        resource(
            "aws_lambda_function",
            "book",
            "\"environment\": [{\"variables\": {\"TABLE\": \"orders-7f3a\"}}]",
        ),
        resource(
            "aws_lambda_function_url",
            "book",
            "\"function_name\": \"book-91\"",
        ),
    ];
    let state = format!(
        "{{\"format_version\": \"1.0\", \"values\": {{\"root_module\": {{\"resources\": [\n{}\n]}}}}}}\n",
        resources.join(",\n")
    );
    let repo = begun(&[("state.json", &state)]);
    let model = listed(&repo);
    assert!(model.contains("book-to-orders-table@3: "), "{model}");
    assert!(model.contains("book@3: class=Lambda@3 "), "{model}");
}
