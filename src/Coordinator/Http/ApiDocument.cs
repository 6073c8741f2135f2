using Microsoft.OpenApi;

namespace Upweave.Coordinator.Http;

/// <summary>What the API's description says beside its addresses.</summary>
internal static class ApiDocument
{
    private const string TokenScheme = "token";

    public static void Complete(OpenApiDocument document, bool asksForToken)
    {
        document.Info.Title = "Upweave";
        document.Info.Description = "The jobs of a coordinator.";
        document.Servers?.Clear(); // wherever it was asked
        if (!asksForToken)
            return;
        document.AddComponent(TokenScheme, new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, document)] = [] }];
    }
}
