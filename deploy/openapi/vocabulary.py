"""What API Gateway (REST APIs) knows by name, by its developer guide on extensions and mapping templates."""

import re

TOP_LEVEL = frozenset(
    f"x-amazon-apigateway-{name}"
    for name in (
        "api-key-source",
        "binary-media-types",
        "documentation",
        "endpoint-configuration",
        "gateway-responses",
        "importexport-version",
        "minimum-compression-size",
        "policy",
        "request-validator",
        "request-validators",
    )
)
OPERATION = frozenset(
    f"x-amazon-apigateway-{name}" for name in ("auth", "integration", "request-validator", "any-method")
)
METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch"})
INTEGRATION = frozenset(
    {
        "cacheKeyParameters",
        "cacheNamespace",
        "connectionId",
        "connectionType",
        "contentHandling",
        "credentials",
        "httpMethod",
        "passthroughBehavior",
        "requestParameters",
        "requestTemplates",
        "responses",
        "timeoutInMillis",
        "tlsConfig",
        "type",
        "uri",
    }
)
INTEGRATION_RESPONSE = frozenset({"contentHandling", "responseParameters", "responseTemplates", "statusCode"})
CHOICES = {
    "type": ("aws", "aws_proxy", "http", "http_proxy", "mock"),
    "passthroughBehavior": ("when_no_templates", "when_no_match", "never"),
    "contentHandling": ("CONVERT_TO_TEXT", "CONVERT_TO_BINARY"),
    "connectionType": ("INTERNET", "VPC_LINK"),
    "httpMethod": ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "ANY"),
}
"""Member of an integration -> what it may be."""
PATTERNS = {
    "uri": (
        r"arn:aws[a-z-]*:apigateway:[a-z0-9-]+:[a-z0-9.-]+:(action/\w+|path/.+)|https?://.+",
        "arn:aws:apigateway:REGION:SERVICE:action/NAME, or path/ for action/",
    ),
    "credentials": (r"arn:aws[a-z-]*:iam::(\d{12}:role/.+|\*:user/\*)", "arn:aws:iam::ACCOUNT:role/NAME"),
}
"""Member of an integration -> its form, as an expression and in words."""
TIMEOUT_MS = range(50, 29_001)

GATEWAY_RESPONSES = {
    "ACCESS_DENIED": 403,
    "API_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_CONFIGURATION_ERROR": 500,
    "AUTHORIZER_FAILURE": 500,
    "BAD_REQUEST_BODY": 400,
    "BAD_REQUEST_PARAMETERS": 400,
    "DEFAULT_4XX": 0,
    "DEFAULT_5XX": 0,
    "EXPIRED_TOKEN": 403,
    "INTEGRATION_FAILURE": 504,
    "INTEGRATION_TIMEOUT": 504,
    "INVALID_API_KEY": 403,
    "INVALID_SIGNATURE": 403,
    "MISSING_AUTHENTICATION_TOKEN": 403,
    "QUOTA_EXCEEDED": 429,
    "REQUEST_TOO_LARGE": 413,
    "RESOURCE_NOT_FOUND": 404,
    "THROTTLED": 429,
    "UNAUTHORIZED": 401,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "WAF_FILTERED": 403,
}
"""Kind -> the status it has unless the file says another."""
GATEWAY_RESPONSE = frozenset({"responseParameters", "responseTemplates", "statusCode"})

INPUT = frozenset({"body", "json", "params", "path"})
UTIL = frozenset({"base64Decode", "base64Encode", "escapeJavaScript", "parseJson", "urlDecode", "urlEncode"})
CONTEXT = frozenset(
    {
        "accountId",
        "apiId",
        "authorizer",
        "awsEndpointRequestId",
        "customDomain",
        "deploymentId",
        "domainName",
        "domainPrefix",
        "error",
        "extendedRequestId",
        "httpMethod",
        "identity",
        "isCanaryRequest",
        "path",
        "protocol",
        "requestId",
        "requestOverride",
        "requestTime",
        "requestTimeEpoch",
        "resourceId",
        "resourcePath",
        "responseOverride",
        "stage",
        "wafResponseCode",
        "webaclArn",
    }
)
DIRECTIVES = frozenset({"set", "if", "elseif", "else", "end", "foreach", "break", "stop", "macro", "define"})
DISPUTED = frozenset(
    {"indexOf", "isEmpty", "lastIndexOf", "split", "toLowerCase", "toUpperCase", "trim", "equals", "replace"}
)
"""Methods of a text that engines answer differently, or not at all."""
VARIABLE_VALUE = re.compile(r"[A-Za-z0-9\-._~:/?#&=,]{1,512}")
VARIABLE_WORDS = "1 to 512 letters, digits and -._~:/?#&=,"
"""What a stage variable may hold."""
TEMPLATE_BYTES = 300 * 1024
